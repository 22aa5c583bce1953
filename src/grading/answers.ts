import { updateProgress, withLesson } from '../course/progress.js';
import type { CourseLesson } from '../course/types.js';
import type { Home } from '../home.js';
import type { Lesson, Question } from '../lesson/lesson.js';
import { usageProblem } from '../problem.js';
import { readNumber } from './parse-number.js';

/**
 * Keeps an answer in the learner's progress and returns it as it was kept. Throws `unknown-question`, or
 * `bad-answer` where it is none of the choices or no number.
 */
export async function keepAnswer(
  home: Home,
  lesson: CourseLesson<Lesson>,
  question: string,
  value: string,
): Promise<string> {
  const asked = lesson.plan.questions.find(({ id }) => id === question);
  if (!asked) {
    const known = lesson.plan.questions.map(({ id }) => id).join(', ');
    throw usageProblem(
      'unknown-question',
      `${lesson.id} asks no question "${question}".`,
      known ? `It asks: ${known}.` : 'It asks none.',
    );
  }
  const answer = readAnswer(asked, value);
  await updateProgress(home.progress, (progress) =>
    withLesson(progress, lesson.id, {
      answers: { ...progress.lessons[lesson.id]?.answers, [question]: answer },
    }),
  );
  return answer;
}

/** What a question asks for was counted or measured. */
function isPossible(amount: number): boolean {
  return amount >= 0 && amount <= 1e15;
}

function readAnswer(question: Question, value: string): string {
  const typed = value.trim();
  if (question.kind === 'choice') {
    const chosen = question.options.find((option) => option.toLowerCase() === typed.toLowerCase());
    if (chosen) return chosen;
    throw usageProblem(
      'bad-answer',
      `"${typed}" is none of the choices.`,
      `Choices: ${question.options.join(', ')}.`,
    );
  }
  const amount = readNumber(typed, question.unit);
  if (amount !== undefined && isPossible(Number(amount))) return amount;
  if (amount !== undefined) {
    throw usageProblem(
      'bad-answer',
      `"${typed}" is no possible number of ${question.unit}.`,
      'It is 0 or more, and fits in 15 digits.',
    );
  }
  throw usageProblem(
    'bad-answer',
    `"${typed}" is not a number.`,
    `Answer in ${question.unit}, in digits alone, for example 42 or 0.5.`,
  );
}
