import { Marked, type Tokens } from 'marked';
import { markedTerminal } from 'marked-terminal';
import { numberedBlocks } from '../../course/types.js';
import { theme } from '../theme.js';
import { canBeTyped } from './code-blocks.js';
import { cut } from './columns.js';
import { wrapText } from './wrap.js';

/**
 * Renders markdown as lines of at most `width` cells, styled for the terminal. `firstBlock`: the number of its first
 * code block, where blocks are numbered.
 */
export type MarkdownRenderer = (markdown: string, width: number, firstBlock?: number) => readonly string[];

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal from a text
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/**
 * The module is loaded after the first frame: marked-terminal brings highlight.js, 100 ms of start-up.
 * Paragraphs are not reflowed by marked-terminal (it breaks links and leaves list items alone) but here.
 */
export const renderMarkdown: MarkdownRenderer = (markdown, width, firstBlock) => {
  let nextBlock = firstBlock;
  const rendered = new Marked()
    .use(
      markedTerminal({
        emoji: false,
        reflowText: false,
        showSectionPrefix: false,
        tab: 2,
        heading: theme.heading,
        firstHeading: theme.heading,
        strong: theme.strong,
        codespan: theme.code,
        blockquote: theme.dim,
        hr: () => theme.dim('─'.repeat(width)),
      }),
    )
    .use({
      renderer: {
        text(token) {
          // marked-terminal leaves the inline marks of list items as they are; a line break inside a paragraph
          // is only the author's line width.
          if ('tokens' in token && token.tokens) return this.parser.parseInline(token.tokens);
          return token.text.replaceAll('\n', ' ');
        },
        // Not as a terminal hyperlink: an address that is not shown cannot be typed into another browser.
        link({ href, tokens }) {
          const label = this.parser.parseInline(tokens);
          return label === href ? theme.link(href) : `${label} (${theme.link(href)})`;
        },
        code(token) {
          const typed = canBeTyped(token.lang);
          const block = codeBlock(token, { width, typed, number: typed ? nextBlock : undefined });
          if (typed && nextBlock !== undefined) nextBlock += 1;
          return block;
        },
      },
    })
    .parse(markdown.replace(controls, ''), { async: false });
  return wrapText(rendered.replace(/\n{3,}/g, '\n\n').replace(/^\n+|\s+$/g, ''), width);
};

interface CodeBlockOptions {
  readonly width: number;
  /** False for a diagram: one that breaks is none, so it is cut instead. */
  readonly typed: boolean;
  readonly number: number | undefined;
}

/** A bar beside code that can be typed, and its number where it has one. */
function codeBlock({ text }: Tokens.Code, { width, typed, number }: CodeBlockOptions): string {
  const lines = text.split('\n');
  const bar = theme.dim('│ ');
  const numbered = number !== undefined && number <= numberedBlocks;
  const margin = (index: number): string =>
    numbered ? (index === 0 ? theme.focus(String(number)) : ' ') + bar : bar;
  const block = typed
    ? lines.map((line, index) => margin(index) + theme.code(line))
    : lines.map((line) => cut(line, width));
  return `${block.join('\n')}\n\n`;
}
