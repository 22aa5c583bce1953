/**
 * Splits a compose `command` string into arguments as a POSIX shell splits words: on blanks, with quotes and
 * backslashes, without expanding anything. Throws `Error` when a quote is left open.
 */
export function splitWords(text: string): readonly string[] {
  const words: string[] = [];
  let word: string | undefined;
  let quote: '"' | "'" | undefined;
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string;
    if (quote !== undefined) {
      if (char === quote) quote = undefined;
      else if (char === '\\' && quote === '"' && '"\\$`'.includes(text[at + 1] ?? ' '))
        word += text[++at] ?? '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      word ??= '';
    } else if (/\s/.test(char)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word = (word ?? '') + (char === '\\' ? (text[++at] ?? '') : char);
    }
  }
  if (quote !== undefined) throw new Error(`the quote ${quote} is never closed`);
  if (word !== undefined) words.push(word);
  return words;
}
