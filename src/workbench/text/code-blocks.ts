import type { ShellKind } from '../../lab/runtime.js';

/** A fenced block of a text that can be typed into a shell. */
export interface CodeBlock {
  readonly code: string;
  /** A service's own shell (mongosh, redis-cli), or the system's beside it: what is in `sh`. */
  readonly shell: ShellKind;
}

/**
 * Code in these languages is prose to a terminal: a diagram, output to compare with, what belongs into a file of the
 * workspace (`mjs`, `yaml`). The rest can be typed.
 */
const notTyped = new Set(['', 'text', 'diagram', 'mjs', 'yaml']);

export function canBeTyped(language: string | undefined): boolean {
  return !notTyped.has(language ?? '');
}

/** The fenced code blocks of a markdown text that can be typed into a shell, in their order, without their indent. */
export function codeBlocks(markdown: string): readonly CodeBlock[] {
  const blocks: CodeBlock[] = [];
  let open: { indent: string; language: string; lines: string[] } | undefined;
  for (const line of markdown.split('\n')) {
    const fence = /^(\s*)```(\S*)\s*$/.exec(line);
    if (open === undefined) {
      if (fence) open = { indent: fence[1] ?? '', language: fence[2] ?? '', lines: [] };
    } else if (fence && fence[2] === '') {
      const { language, lines } = open;
      if (canBeTyped(language)) {
        blocks.push({ code: lines.join('\n'), shell: language === 'sh' ? 'system' : 'own' });
      }
      open = undefined;
    } else open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line.trimStart());
  }
  return blocks;
}
