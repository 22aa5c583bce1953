import type { CheckVerdict } from '../../grading/verdict.js';
import type { LabStanding } from '../course-session.js';
import type { LessonView } from '../state/state.js';
import { spread } from '../text/columns.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { verdictMarks } from './glyphs.js';
import { notUpLines } from './lesson-lines.js';

/** Each check with its state, what was observed and expected, and the mistake where one was recognised. */
export function checksLines(
  view: LessonView,
  lab: LabStanding | undefined,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const { checks, stage } = view.lesson;
  if (lab !== undefined && lab.stage !== stage) {
    return [
      ...notUpLines(stage, lab, width),
      '',
      ...checks.flatMap((check) => wrapText(`· ${check.title}`, width)),
    ];
  }
  return checks.flatMap((check, index) => {
    const verdict = view.verdicts[index];
    const lines =
      verdict === undefined
        ? wrapText(`· ${check.title}`, width).map((line) => theme.dim(line))
        : verdictLines(verdict, {
            lost: isLost(view, index),
            width,
            markdown,
          });
    return index === 0 ? lines : ['', ...lines];
  });
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

interface VerdictOptions {
  readonly lost: boolean;
  readonly width: number;
  readonly markdown: MarkdownRenderer;
}

const labelWidth = 'look with '.length;

function verdictLines(verdict: CheckVerdict, { lost, width, markdown }: VerdictOptions): readonly string[] {
  const mark = verdictMarks[verdict.state];
  const word = lost ? `${mark.word}, was passed` : mark.word;
  const indent = '  ';
  const inner = width - indent.length;
  const detail = (label: string, text: string): readonly string[] =>
    wrapText(text, inner - labelWidth).map(
      (line, index) => indent + theme.dim((index === 0 ? label : '').padEnd(labelWidth)) + line,
    );
  const lines = [
    ...wrapText(`${mark.glyph} ${verdict.title}`, width).map((line, index) =>
      index === 0 ? mark.style(line.slice(0, 1)) + theme.strong(line.slice(1)) : theme.strong(line),
    ),
    indent + spread(mark.style(word), theme.dim(verdict.at), inner),
  ];
  lines.push(...detail('observed', verdict.observed));
  if (verdict.state !== 'pass' && verdict.expected !== undefined)
    lines.push(...detail('expected', verdict.expected));
  if (verdict.state === 'wrong' || verdict.state === 'error') {
    if (verdict.explanation !== undefined)
      lines.push(...markdown(verdict.explanation, inner).map((line) => indent + line));
  }
  if (verdict.state !== 'pass' && verdict.reproduce !== undefined)
    lines.push(...detail('look with', verdict.reproduce));
  return lines;
}
