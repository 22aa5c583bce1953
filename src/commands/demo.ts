import type { Command } from 'commander';
import { type Catalog, findLesson, findStage, loadCatalog } from '../course/catalog.js';
import type { CourseLesson, LessonId } from '../course/types.js';
import type { CheckVerdict, Figure } from '../grading/verdict.js';
import type { Lesson } from '../lesson/lesson.js';
import { ExitCode } from '../problem.js';
import { goTo } from '../replay/goto.js';
import { solve } from '../replay/solve.js';
import { wantsPlain } from '../workbench/open.js';
import { loadTerminal } from '../workbench/shell/load-terminal.js';
import { withCourse } from './course-context.js';
import { withGotoLines } from './goto.js';
import { type CommonOptions, optionsOf } from './options.js';
import { paint, say, sayJson } from './output/output.js';
import { solveLines } from './output/solve-lines.js';
import { table } from './output/table.js';
import { openWorkbenchCommand } from './workbench.js';

interface DemoLesson {
  readonly id: LessonId;
  readonly passed: boolean;
  /** Why it was skipped on this machine. */
  readonly skipped?: string | undefined;
  readonly seconds: number;
  readonly checks: readonly CheckVerdict[];
  /** Mistakes that were recognised on the way: a solution may begin with one, to show what it mends. */
  readonly mistakes: readonly string[];
  /** What was predicted, and what was measured. */
  readonly measured: readonly Figure[];
}

export function demoCommand(command: Command): Command {
  return command
    .argument('[stage|lesson]', 'default: all stages')
    .action(async (wanted: string | undefined, _: unknown, command: Command) => {
      const options = optionsOf(command);
      if (await showsInWorkbench(options)) return showInWorkbench(options, wanted);

      await withCourse(options, async ({ lab, catalog, grader, signal }) => {
        const lessons = lessonsOf(catalog, wanted);
        const done: DemoLesson[] = [];
        const quiet = (): void => {};
        await withGotoLines(options.json, async (onEvent) => {
          for (const lesson of lessons) {
            await goTo({ catalog, lab, grader, target: lesson, signal, onEvent });
            if (!options.json) say(`\n${paint('bold', `${lesson.id}: ${lesson.title}`)}`);
            const start = performance.now();
            const mistakes = new Set<string>();
            const print = options.json ? quiet : solveLines();
            const verdict = await solve({
              lab,
              grader,
              lesson,
              signal,
              onEvent: (event) => {
                print(event);
                if (!('verdict' in event)) return;
                for (const { mistake } of event.verdict.checks) if (mistake) mistakes.add(mistake);
              },
            });
            const seconds = Math.round(performance.now() - start) / 1000;
            done.push({
              id: lesson.id,
              passed: verdict.passed,
              ...(verdict.skipped === undefined ? {} : { skipped: verdict.skipped }),
              seconds,
              checks: verdict.checks,
              mistakes: [...mistakes],
              measured: verdict.measured,
            });
            if (!verdict.passed && verdict.skipped === undefined) break;
          }
        });
        const passed =
          done.length === lessons.length &&
          done.every((lesson) => lesson.passed || lesson.skipped !== undefined);
        if (options.json) sayJson({ passed, lessons: done });
        else for (const line of summary(done)) say(line);
        process.exitCode = passed ? ExitCode.ok : ExitCode.notPassed;
      });
    });
}

/** Those of a stage, the one that is named, or all. */
function lessonsOf(catalog: Catalog<Lesson>, wanted: string | undefined): readonly CourseLesson<Lesson>[] {
  if (wanted === undefined) return catalog.lessons;
  return wanted.includes('/') ? [findLesson(catalog, wanted)] : findStage(catalog, wanted).lessons;
}

/** On a terminal the solutions are typed where a learner types them. */
async function showsInWorkbench({ json }: CommonOptions): Promise<boolean> {
  if (json || !process.stdin.isTTY || !process.stdout.isTTY) return false;
  return !wantsPlain(false) && (await loadTerminal()) !== undefined;
}

async function showInWorkbench(options: CommonOptions, wanted: string | undefined): Promise<void> {
  const catalog = await loadCatalog<Lesson>(options.lang);
  await openWorkbenchCommand(
    { ...options, plain: false, mouse: false },
    lessonsOf(catalog, wanted).map(({ id }) => id),
  );
}

function summary(lessons: readonly DemoLesson[]): string[] {
  const rows = lessons.map(({ id, passed, skipped, seconds, checks, mistakes }) => [
    id,
    passed ? 'passed' : skipped === undefined ? 'NOT passed' : 'skipped',
    `${seconds.toFixed(1)} s`,
    `${checks.filter(({ state }) => state === 'pass').length} of ${checks.length}`,
    mistakes.join(', ') || '-',
  ]);
  return ['', ...table([['lesson', '', 'time', 'checks', 'mistakes shown'], ...rows])];
}
