import { Marked, type Tokens } from 'marked';
import { markedTerminal } from 'marked-terminal';
import { theme } from '../theme.js';
import { cut } from './columns.js';
import { wrapText } from './wrap.js';

/** Renders markdown as lines of at most `width` cells, styled for the terminal. */
export type MarkdownRenderer = (markdown: string, width: number) => readonly string[];

/** Code in these languages is prose to a terminal: a diagram that breaks is no diagram, so it is cut instead. */
const diagrams = new Set(['', 'text', 'diagram']);

// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not reach the terminal from a text
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F]/g;

/**
 * The module is loaded after the first frame: marked-terminal brings highlight.js, 100 ms of start-up.
 * Paragraphs are not reflowed by marked-terminal (it breaks links and leaves list items alone) but here.
 */
export const renderMarkdown: MarkdownRenderer = (markdown, width) => {
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
        code: (token) => codeBlock(token, width),
      },
    })
    .parse(markdown.replace(controls, ''), { async: false });
  return wrapText(rendered.replace(/\n{3,}/g, '\n\n').replace(/^\n+|\s+$/g, ''), width);
};

function codeBlock({ text, lang }: Tokens.Code, width: number): string {
  const lines = text.split('\n');
  const block = diagrams.has(lang ?? '')
    ? lines.map((line) => cut(line, width))
    : lines.map((line) => theme.dim('│ ') + theme.code(line));
  return `${block.join('\n')}\n\n`;
}
