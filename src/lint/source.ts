import { marked, type Token, type Tokens } from 'marked';
import type { LessonId, LessonText, StageId } from '../course/types.js';
import type { Lesson } from '../lesson/lesson.js';

/** A lesson as its author left it, where it can be read at all: what the rules look at. */
export interface LessonSource {
  readonly id: LessonId;
  readonly stage: StageId;
  /** `sharding/add-shards/en.md`: what a finding names. */
  readonly file: string;
  readonly source: string;
  /** `sharding/add-shards/lesson.ts`, and what is in it. */
  readonly planFile: string;
  readonly planSource: string;
  readonly plan: Lesson;
  readonly text: LessonText;
}

/** One thing that is wrong, and where. */
export interface LintFinding {
  /** `sharding/add-shards/en.md`, with `:LINE` where it has one. */
  readonly where: string;
  /** What is broken: a rule's name, for those who count. */
  readonly rule: string;
  readonly message: string;
}

/** What a learner types into a shell; what he writes into a file of the workspace. */
export const typedLanguages = ['js', 'redis', 'sh'];
export const fileLanguages = ['mjs', 'yaml', 'json', 'nginx'];

/** Code blocks in some languages, also those inside lists. */
export function blocksOf(markdown: string, languages: readonly string[]): readonly string[] {
  const blocks: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token) => {
    if (token.type === 'code' && languages.includes((token as Tokens.Code).lang ?? ''))
      blocks.push(token.text);
  });
  return blocks;
}

/** What a learner reads as sentences: no code, no diagrams. */
export function proseOf(markdown: string): string {
  const words: string[] = [];
  marked.walkTokens(marked.lexer(markdown), (token: Token) => {
    // A text that has parts of its own is met again in each of them.
    if (token.type === 'text' && !('tokens' in token && token.tokens)) words.push(token.text);
  });
  return words.join(' ').replaceAll(/\s+/g, ' ');
}

/** `FILE:LINE` of where `needle` first stands in a file; the file alone where it does not. */
export function placeOf(file: string, source: string, needle: string | RegExp): string {
  const at = typeof needle === 'string' ? source.indexOf(needle) : source.search(needle);
  return at < 0 ? file : `${file}:${source.slice(0, at).split('\n').length}`;
}

/** How code is compared: a text breaks and indents its lines as it likes. */
export function withoutSpaces(text: string): string {
  return text.replaceAll(/\s/g, '');
}
