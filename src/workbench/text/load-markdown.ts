import type { MarkdownRenderer } from './markdown.js';
import { wrapText } from './wrap.js';

/** How many rendered texts are kept: those of a lesson at one width, and a few of the lesson before. */
const kept = 32;

/** For the first frame: the markdown as it is written, but for the author's line breaks inside paragraphs. */
export const plainMarkdown: MarkdownRenderer = (markdown, width) =>
  wrapText(withoutLineBreaks(markdown), width);

const codeBlock = /(^```[\s\S]*?^```)/m;
/** A line's end, unless the next line begins something: a list item, a heading, a paragraph. */
const lineBreak = /(?<=\S)\n(?=[^\s#>*\-\d`])/g;

function withoutLineBreaks(markdown: string): string {
  return markdown
    .split(codeBlock)
    .map((part) => (part.startsWith('```') ? part : part.replace(lineBreak, ' ')))
    .join('');
}

/** Loads the real renderer. Panes are drawn anew at each change, so what was rendered once is kept. */
export async function loadMarkdown(): Promise<MarkdownRenderer> {
  const { renderMarkdown } = await import('./markdown.js');
  const rendered = new Map<string, readonly string[]>();
  return (markdown, width, firstBlock) => {
    const key = `${width} ${firstBlock} ${markdown}`;
    const known = rendered.get(key);
    if (known !== undefined) return known;
    const lines = renderMarkdown(markdown, width, firstBlock);
    const oldest = rendered.keys().next().value;
    if (rendered.size >= kept && oldest !== undefined) rendered.delete(oldest);
    rendered.set(key, lines);
    return lines;
  };
}
