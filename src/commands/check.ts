import type { Command } from 'commander';
import { findLesson } from '../course/catalog.js';
import { readProgress } from '../course/progress.js';
import type { CourseLesson } from '../course/types.js';
import type { LessonVerdict } from '../grading/verdict.js';
import { watchLesson } from '../grading/watch.js';
import type { Lesson } from '../lesson/lesson.js';
import { dropped } from '../machine/debug-log.js';
import { ExitCode, Problem, usageProblem } from '../problem.js';
import { lookOnce } from '../replay/solve.js';
import { createStartKeeper } from '../replay/start-keeper.js';
import type { CourseContext } from './course-context.js';
import { withCourse } from './course-context.js';
import { optionsOf } from './options.js';
import { paint, say, sayJson, tell } from './output/output.js';
import { exitCodeOf, verdictLines } from './output/verdict-lines.js';
import { isOver, watchLines } from './output/watch-lines.js';

export function checkCommand(command: Command): Command {
  return command
    .argument('[lesson]', 'default: the lesson you are at')
    .option('--watch', 'look again and again, and say what changes', false)
    .action(async (id: string | undefined, _: unknown, command: Command) => {
      const options = optionsOf<{ watch: boolean }>(command);
      if (options.watch && options.json) {
        throw usageProblem(
          'watch-and-json',
          '--watch has no end, so it cannot print one JSON document.',
          'Leave one of them out.',
        );
      }
      await withCourse(options, async (context) => {
        const lesson = chosenLesson(id, context);
        if (options.watch) return watch(lesson, context);
        const verdict = await lookOnce(context.grader, lesson);
        if (options.json) sayJson(verdict);
        else {
          for (const line of [paint('bold', `${lesson.id}: ${lesson.title}`), ...verdictLines(verdict)])
            say(line);
        }
        process.exitCode = exitCodeOf(verdict);
        await keepItsStart(lesson, context);
      });
    });
}

/** A learner who works with commands alone has checkpoints too: the first `check` of a lesson finds it at its start. */
async function keepItsStart(lesson: CourseLesson<Lesson>, context: CourseContext): Promise<void> {
  await createStartKeeper(context).seen(lesson, await context.grader.round(lesson));
}

/** The lesson that is named, else the one the learner is at, else the first. */
export function chosenLesson(
  id: string | undefined,
  { catalog, lab }: Pick<CourseContext, 'catalog' | 'lab'>,
): CourseLesson<Lesson> {
  const progress = readProgress(lab.home.progress);
  return findLesson(catalog, id ?? progress.current ?? catalog.lessons[0]?.id ?? '');
}

/**
 * Says each check when its state changes, until the lesson is passed (exit 0), this machine turns out not to be able to
 * do it (exit 3), or Ctrl-C (exit 1).
 */
async function watch(lesson: CourseLesson<Lesson>, context: CourseContext): Promise<void> {
  const { grader, signal } = context;
  const news = watchLines();
  const keeper = createStartKeeper(context);
  let keeping: Promise<unknown> | undefined;
  const done = new AbortController();
  signal.addEventListener('abort', () => done.abort());
  let last: LessonVerdict | undefined;
  let trouble: string | undefined;
  say(`Watching ${lesson.id}. Ctrl-C ends it.`);
  await watchLesson(grader, lesson, {
    signal: done.signal,
    onRound(round) {
      const { verdict } = round;
      keeping = keeper.seen(lesson, round) ?? keeping;
      trouble = undefined;
      last = verdict;
      for (const line of news.of(verdict)) say(line);
      if (isOver(verdict)) done.abort();
    },
    onProblem(error) {
      const message = problemLines(error).join('\n');
      if (message === trouble) return;
      tell(message);
      trouble = message;
      // Once it is over, what holds then is said anew.
      news.anew();
    },
  });
  await keeping?.catch(dropped);
  if (last?.passed) say('Every check is passed.');
  process.exitCode = last ? exitCodeOf(last) : ExitCode.notPassed;
}

function problemLines(error: unknown): readonly string[] {
  const message = error instanceof Error ? error.message : String(error);
  return error instanceof Problem && error.remedy ? [message, error.remedy] : [message];
}
