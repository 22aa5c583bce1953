import { marked, type Token, type Tokens } from 'marked';
import { wrapText } from '../text/wrap.js';

/** Markdown as plain lines: no styles, no marks, nothing drawn. A diagram is named, not shown. */
export function plainMarkdown(markdown: string, width: number): readonly string[] {
  return blocks(marked.lexer(markdown), width);
}

/** The diagrams of a text, as they are drawn. */
export function diagramsOf(markdown: string): readonly string[] {
  const diagrams: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => {
    if (isDiagram(token)) diagrams.push(token.text);
  });
  return diagrams;
}

function isDiagram(token: Token): token is Tokens.Code {
  return token.type === 'code' && ['', 'text', 'diagram'].includes((token as Tokens.Code).lang ?? '');
}

function blocks(tokens: readonly Token[], width: number): readonly string[] {
  return tokens
    .map((token) => block(token, width))
    .filter((lines) => lines.length > 0)
    .flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function block(token: Token, width: number): readonly string[] {
  if (token.type === 'space' || token.type === 'hr') return [];
  if (isDiagram(token)) return ['(A diagram: the word diagram prints it.)'];
  if (token.type === 'code')
    return token.text.split('\n').map((line: string) => (line === '' ? '' : `    ${line}`));
  if (token.type === 'list') return listLines(token as Tokens.List, width);
  if (token.type === 'blockquote') return blocks(token.tokens ?? [], width);
  return wrapText(inline(token), width);
}

function listLines(list: Tokens.List, width: number): readonly string[] {
  const first = typeof list.start === 'number' ? list.start : 1;
  return list.items.flatMap((item, index) => {
    const mark = list.ordered ? `${first + index}. ` : '- ';
    const indent = ' '.repeat(mark.length);
    const lines = blocks(item.tokens, width - mark.length);
    const text = lines.map((line, row) => (row === 0 ? mark : line === '' ? '' : indent) + line);
    return index > 0 && list.loose ? ['', ...text] : text;
  });
}

/** The words of a token. A line break inside a paragraph is only the author's line width. */
function inline(token: Token): string {
  const inner = 'tokens' in token && token.tokens ? token.tokens.map(inline).join('') : undefined;
  if (token.type === 'link') return inner === token.href ? token.href : `${inner} (${token.href})`;
  if (token.type === 'br') return '\n';
  return (inner ?? ('text' in token ? String(token.text) : token.raw)).replaceAll('\n', ' ');
}
