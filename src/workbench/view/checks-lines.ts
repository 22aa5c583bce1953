import type { CheckVerdict } from '../../grading/verdict.js';
import type { LabStanding } from '../course-session.js';
import type { LessonView } from '../state/state.js';
import { cut, spread } from '../text/columns.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { figuresLines } from './figures-lines.js';
import { verdictMarks } from './glyphs.js';
import { notUpLines } from './lesson-lines.js';

export interface ChecksText {
  readonly lines: readonly string[];
  /** Where the check that is told in full begins and ends, as indexes of lines; to be kept in sight. */
  readonly expanded: { readonly first: number; readonly last: number };
}

/** The check in full, the others short: a line for what is passed, what is observed for what is open. */
export function checksLines(
  view: LessonView,
  lab: LabStanding | undefined,
  width: number,
  markdown: MarkdownRenderer,
): ChecksText {
  const { checks, stage } = view.lesson;
  if (lab !== undefined && lab.stage !== stage) {
    const titles = checks.flatMap((check) => wrapText(`· ${check.title}`, width));
    return { lines: [...notUpLines(stage, lab, width), '', ...titles], expanded: { first: 0, last: 0 } };
  }
  const full = expandedCheck(view);
  const lines: string[] = [];
  let expanded = { first: 0, last: 0 };
  checks.forEach((check, index) => {
    const verdict = view.verdicts[index];
    const part =
      verdict === undefined
        ? wrapText(`· ${check.title}`, width).map((line) => theme.dim(line))
        : index === full
          ? fullLines(verdict, isLost(view, index), width, markdown)
          : shortLines(verdict, isLost(view, index), width);
    if (index > 0 && (index === full || index - 1 === full)) lines.push('');
    if (index === full) expanded = { first: lines.length, last: lines.length + part.length - 1 };
    lines.push(...part);
  });
  lines.push(...figuresLines(view.measured, width));
  return { lines, expanded };
}

/** The check that is told in full: the one the learner chose, else the first that is not passed; none where all are. */
export function expandedCheck({ verdicts, chosenCheck }: LessonView): number | undefined {
  if (chosenCheck !== undefined) return chosenCheck;
  const open = verdicts.findIndex(({ state }) => state !== 'pass');
  return open < 0 ? undefined : open;
}

/** The line that shows what a check sees; before it where it is typed, if that is not what the check is about. */
export function lookWith({ at, reproduce, reproduceAt }: CheckVerdict): string | undefined {
  if (reproduce === undefined || reproduceAt === undefined || reproduceAt.service === at) return reproduce;
  return `on ${reproduceAt.service}: ${reproduce}`;
}

/** True for a check that was passed once and is not any more. A look that failed says nothing of it. */
export function isLost(view: LessonView, index: number): boolean {
  const state = view.verdicts[index]?.state;
  return view.oncePassed.has(index) && (state === 'pending' || state === 'wrong');
}

/** `2 of 4 passed` */
export function checksSummary(view: LessonView): string {
  const passed = view.verdicts.filter((verdict) => verdict.state === 'pass').length;
  return `${passed} of ${view.lesson.checks.length} passed`;
}

const indent = '  ';
const labelWidth = 'look with '.length;

function stateText({ state }: CheckVerdict, lost: boolean): string {
  const { word, style } = verdictMarks[state];
  return lost ? style(`${word}; was passed, is not any more`) : style(word);
}

function shortLines(verdict: CheckVerdict, lost: boolean, width: number): readonly string[] {
  const { glyph, style } = verdictMarks[verdict.state];
  const title = cut(`${style(glyph)} ${verdict.title}`, width);
  if (verdict.state === 'pass') return [title];
  const seen = lost ? '' : `, ${verdict.observed.replace(/\s+/g, ' ')}`;
  return [title, cut(`${indent}${stateText(verdict, lost)}${theme.dim(seen)}`, width)];
}

function fullLines(
  verdict: CheckVerdict,
  lost: boolean,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const { glyph, style } = verdictMarks[verdict.state];
  const inner = width - indent.length;
  const detail = (label: string, text: string | undefined): readonly string[] =>
    text === undefined
      ? []
      : wrapText(text, inner - labelWidth).map(
          (line, index) => indent + theme.dim((index === 0 ? label : '').padEnd(labelWidth)) + line,
        );
  const open = verdict.state !== 'pass';
  const explained = verdict.state === 'wrong' || verdict.state === 'error' ? verdict.explanation : undefined;
  return [
    ...wrapText(`${glyph} ${verdict.title}`, width).map((line, index) =>
      index === 0 ? style(line.slice(0, 1)) + theme.strong(line.slice(1)) : theme.strong(line),
    ),
    indent + spread(stateText(verdict, lost), theme.dim(verdict.at), inner),
    ...detail(verdict.state === 'error' ? 'the fault' : 'observed', verdict.observed),
    ...detail('expected', open ? verdict.expected : undefined),
    ...(explained === undefined ? [] : markdown(explained, inner).map((line) => indent + line)),
    ...detail('look with', lookWith(verdict)),
  ];
}
