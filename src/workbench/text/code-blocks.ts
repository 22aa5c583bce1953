/** Code in these languages is prose to a terminal: a diagram, output to compare with. The rest can be typed. */
const notTyped = new Set(['', 'text', 'diagram']);

/** Only so many blocks have a number: it is one key. */
export const numberedBlocks = 9;

export function canBeTyped(language: string | undefined): boolean {
  return !notTyped.has(language ?? '');
}

/** The fenced code blocks of a markdown text that can be typed into a shell, in their order, without their indent. */
export function codeBlocks(markdown: string): readonly string[] {
  const blocks: string[] = [];
  let open: { indent: string; typed: boolean; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    const fence = /^(\s*)```(\S*)\s*$/.exec(line);
    if (open === undefined) {
      if (fence) open = { indent: fence[1] ?? '', typed: canBeTyped(fence[2]), lines: [] };
    } else if (fence && fence[2] === '') {
      if (open.typed) blocks.push(open.lines.join('\n'));
      open = undefined;
    } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
  }
  return blocks;
}
