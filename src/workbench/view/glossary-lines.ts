import type { Term } from '../../course/glossary.js';
import type { StageEntry } from '../course-session.js';
import type { Overlay } from '../state/state.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';

/** What is looked for, and the words in which it is found, in the order of the alphabet. */
export function glossaryLines(
  { terms, draft }: Extract<Overlay, { kind: 'glossary' }>,
  stages: readonly StageEntry[],
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const prompt = `${theme.focus('›')} ${draft}${theme.focus('▏')}`;
  const found = matchingTerms(terms, draft);
  if (found.length === 0) return [prompt, '', theme.pending('The glossary has no such word.')];
  return [
    prompt,
    ...found.flatMap((term) => [
      '',
      ...wrapText(`${theme.strong(term.word)}  ${theme.dim(whereText(term, stages))}`, width),
      ...markdown(term.meaning, width - 2).map((line) => `  ${line}`),
    ]),
  ];
}

/** The terms one of whose forms has `search` in it, whatever its case. */
export function matchingTerms(terms: readonly Term[], search: string): readonly Term[] {
  const wanted = search.trim().toLowerCase();
  return terms
    .filter(({ word, forms }) => [word, ...forms].some((form) => form.toLowerCase().includes(wanted)))
    .toSorted((one, other) => one.word.localeCompare(other.word, 'en'));
}

function whereText({ explained }: Term, stages: readonly StageEntry[]): string {
  const lesson = stages.flatMap((stage) => stage.lessons).find(({ id }) => id === explained);
  return `explained in ${lesson === undefined ? `the stage ${explained}` : lesson.title}`;
}
