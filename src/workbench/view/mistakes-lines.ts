import type { KnownMistake, MistakesOfLesson } from '../../grading/met-mistakes.js';
import { dayText } from '../../grading/summary.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';

/** Every recognised mistake: those that were met explained, those of passed lessons named, the others counted. */
export function mistakesLines(
  lessons: readonly MistakesOfLesson[],
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const known = lessons.flatMap(({ mistakes }) => mistakes);
  const met = known.filter((mistake) => mistake.met !== undefined).length;
  const all = lessons.reduce((sum, { hidden }) => sum + hidden, known.length);
  const intro =
    `The course recognises ${all} mistakes. You have met ${met} of them` +
    `${met === 0 ? '' : ': they are explained here'}. Those of lessons you have passed are named; the others are yours to meet.`;
  return [
    ...wrapText(intro, width),
    ...lessons.flatMap((lesson) => ['', ...lessonOfMistakes(lesson, width, markdown)]),
  ];
}

function lessonOfMistakes(
  { lesson, title, mistakes, hidden }: MistakesOfLesson,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const more = mistakes.length === 0 ? `${hidden} to be met` : `${hidden} more to be met`;
  return [
    ...wrapText(`${theme.heading(title)}  ${theme.dim(lesson)}`, width),
    ...mistakes.flatMap((mistake) => mistakeLines(mistake, width, markdown)),
    ...(hidden > 0 ? [theme.dim(`  · ${more}`)] : []),
    ...(hidden === 0 && mistakes.length === 0 ? [theme.dim('  none')] : []),
  ];
}

function mistakeLines(
  { title, met }: KnownMistake,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  if (met === undefined) return wrapText(`  · ${title}`, width);
  const words = `  ${theme.wrong('✗')} ${theme.strong(title)}  ${theme.dim(`met on ${dayText(met.at)}`)}`;
  return [...wrapText(words, width), ...markdown(met.explanation, width - 4).map((line) => `    ${line}`)];
}
