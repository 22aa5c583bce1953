/** What was typed or pasted, as one line that can be shown. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: a paste may hold anything
  return text.replace(/[\u0000-\u001F\u007F]/g, '');
}
