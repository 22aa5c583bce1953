import type { OpenLesson, QuestionEntry } from '../course-session.js';
import type { LessonView, WorkbenchState } from '../state/state.js';
import { answerText } from '../view/lesson-lines.js';
import { plainMarkdown } from './markdown.js';

/** A whole lesson to be read from top to bottom; hints and debrief come when they are asked for. */
export function lessonText(
  { lesson }: LessonView,
  { lab }: WorkbenchState,
  width: number,
): readonly string[] {
  const { text, minutes, questions, stage, id } = lesson;
  return [
    `Lesson ${id}: ${text.title}. About ${minutes} minutes.`,
    '',
    ...plainMarkdown(text.body, width),
    ...questions.flatMap((entry) => ['', ...questionText(entry, width)]),
    '',
    ...nextSteps(lesson, lab?.stage === stage),
  ];
}

function nextSteps({ stage, questions }: OpenLesson, up: boolean): readonly string[] {
  if (!up) {
    return [
      `Stage ${stage} is not up. The word up starts its servers; goto also types the solutions before this lesson.`,
    ];
  }
  const words = ['shell', 'check', 'hint', ...(questions.length > 0 ? ['answer'] : []), 'next'];
  return [`Words for this lesson: ${words.join(', ')}. The word help lists all.`];
}

/** A question, its choices by number, and what was answered last. */
export function questionText(entry: QuestionEntry, width: number): readonly string[] {
  const { question, wording, answer } = entry;
  return [
    ...plainMarkdown(`Question: ${wording}`, width),
    ...(question.kind === 'choice'
      ? question.options.map((option, index) => `  ${index + 1}. ${option}`)
      : [`  A number, in ${question.unit}.`]),
    answer === undefined ? '  Not answered yet.' : `  Your answer: ${answerText(entry, answer)}`,
  ];
}

/** The hint that was unfolded last. */
export function hintText({ lesson, hints }: LessonView, width: number): readonly string[] {
  const hint = lesson.text.hints[hints - 1] ?? '';
  return plainMarkdown(`Hint ${hints} of ${lesson.text.hints.length}: ${hint}`, width);
}

export function debriefText({ lesson }: LessonView, width: number): readonly string[] {
  return [
    'What happened',
    '',
    ...plainMarkdown(lesson.text.debrief, width),
    '',
    'next goes on to the next lesson.',
  ];
}
