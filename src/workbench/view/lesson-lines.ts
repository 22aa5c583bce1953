import type { LabStanding, QuestionEntry } from '../course-session.js';
import type { LessonView } from '../state/state.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';

/** The lesson's text, the hints that are unfolded, the questions, and the debrief once it is passed. */
export function lessonLines(
  view: LessonView,
  lab: LabStanding | undefined,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const { text, questions, stage } = view.lesson;
  const lines = [...markdown(text.body, width)];
  const section = (title: string, body: readonly string[]): void => {
    lines.push('', theme.heading(title), '', ...body);
  };

  for (const [index, entry] of questions.entries()) {
    const title = questions.length > 1 ? `Question ${index + 1}` : 'Question';
    section(title, questionLines(entry, width, markdown));
  }
  text.hints.slice(0, view.hints).forEach((hint, index) => {
    section(`Hint ${index + 1} of ${text.hints.length}`, markdown(hint, width));
  });
  if (view.passed) {
    section('✓ Passed: what happened', markdown(text.debrief, width));
    lines.push('', ...wrapText(theme.pass('n goes on to the next lesson.'), width));
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

function questionLines(entry: QuestionEntry, width: number, markdown: MarkdownRenderer): readonly string[] {
  const answered =
    entry.answer === undefined
      ? theme.pending('Not answered yet: a answers it.')
      : `Your answer: ${theme.strong(answerText(entry, entry.answer))}`;
  return [...markdown(entry.wording, width), '', ...wrapText(answered, width)];
}

/** An answer with its unit: `61 %`. */
export function answerText({ question }: QuestionEntry, value: string): string {
  return question.kind === 'number' && question.unit !== '' ? `${value} ${question.unit}` : value;
}
