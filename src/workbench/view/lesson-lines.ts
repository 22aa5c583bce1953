import type { Figure } from '../../grading/verdict.js';
import { amountText } from '../../lesson/figure.js';
import type { LabStanding, QuestionEntry, StageEntry } from '../course-session.js';
import type { LessonView } from '../state/state.js';
import { codeBlocks } from '../text/code-blocks.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';

/** The lesson's text, the hints that are unfolded, the questions, and the debrief once it is passed. */
export function lessonLines(
  view: LessonView,
  { lab, stage: entry }: { lab: LabStanding | undefined; stage: StageEntry | undefined },
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const { text, questions, stage } = view.lesson;
  let blocks = 0;
  const numbered = (part: string): readonly string[] => {
    const rendered = markdown(part, width, blocks + 1);
    blocks += codeBlocks(part).length;
    return rendered;
  };
  const lines = [...numbered(text.body)];
  const section = (title: string, body: readonly string[]): void => {
    lines.push('', theme.heading(title), '', ...body);
  };

  for (const [index, entry] of questions.entries()) {
    const title = questions.length > 1 ? `Question ${index + 1}` : 'Question';
    const figure = view.measured.find(({ id }) => id === entry.question.id);
    section(title, questionLines(entry, figure, width, markdown));
  }
  text.hints.slice(0, view.hints).forEach((hint, index) => {
    section(`Hint ${index + 1} of ${text.hints.length}`, numbered(hint));
  });
  if (view.passed) {
    section('✓ Passed: what happened', numbered(text.debrief));
    lines.push('', ...wrapText(theme.pass('n goes on to the next lesson.'), width));
    if (entry?.lessons.every(({ state }) => state === 'passed' || state === 'skipped')) {
      lines.push(...wrapText(theme.pass('✓ This stage is done: o shows its outcome.'), width));
    }
  } else if (lab !== undefined && lab.stage !== stage) {
    lines.push('', ...notUpLines(stage, lab, width));
  } else if (view.hints < text.hints.length) {
    const what = view.hints === 0 ? 'Stuck? h shows a hint.' : 'Still stuck? h shows the next hint.';
    lines.push('', theme.dim(what));
  }
  return lines;
}

/** Says what a lesson needs whose stage is not the one that runs. */
export function notUpLines(stage: string, lab: LabStanding, width: number): readonly string[] {
  const now =
    lab.stage === undefined
      ? 'Nothing runs yet.'
      : `The lab is at ${lab.stage}, and this lesson is of ${stage}.`;
  return wrapText(
    `${theme.pending(now)} ${theme.strong('u')} brings up ${stage} as it is; ${theme.strong('g')} also types the solutions before this lesson.`,
    width,
  );
}

function questionLines(
  entry: QuestionEntry,
  figure: Figure | undefined,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const answered =
    entry.answer === undefined
      ? theme.pending('Not answered yet: a answers it.')
      : `Your answer: ${theme.strong(answerText(entry, entry.answer))}`;
  const measured =
    figure?.value === undefined
      ? []
      : wrapText(`Measured: ${theme.strong(amountText(figure.value, figure.unit))}`, width);
  return [...markdown(entry.wording, width), '', ...wrapText(answered, width), ...measured];
}

/** An answer with its unit: `61 %`. */
export function answerText({ question }: QuestionEntry, value: string): string {
  return question.kind === 'number' ? amountText(Number(value), question.unit) : value;
}
