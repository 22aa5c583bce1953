/** Words of a command as they can be pasted into a shell: quoted where the shell would read them otherwise (POSIX). */
export function shellQuoted(...words: readonly string[]): string {
  return words
    .map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}
