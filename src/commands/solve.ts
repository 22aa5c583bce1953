import { Command } from 'commander';
import { findLesson } from '../course/catalog.js';
import { optionsOf } from './options.js';
import { sayJson, tell } from './output/output.js';

export function solveCommand(): Command {
  return new Command('solve')
    .description('type the solution of a lesson for real, and look whether its checks pass')
    .argument('<lesson>')
    .action(async (id: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const { withCourse } = await import('./course-context.js');
      const { lookOnce, solve } = await import('../replay/solve.js');
      const { solveLines } = await import('./output/solve-lines.js');
      const { exitCodeOf } = await import('./output/verdict-lines.js');
      await withCourse(options, async ({ lab, catalog, grader, signal }) => {
        const lesson = findLesson(catalog, id);
        const onEvent = options.json ? () => {} : solveLines();
        const before = await lookOnce(grader, lesson);
        if (before.passed && !options.json) tell('Every check is passed already, so nothing is typed.');
        const verdict = before.passed ? before : await solve({ lab, grader, lesson, onEvent, signal });
        if (options.json) sayJson(verdict);
        process.exitCode = exitCodeOf(verdict);
      });
    });
}
