import type { Command } from 'commander';
import { findLesson } from '../course/catalog.js';
import { lookOnce, solve } from '../replay/solve.js';
import { withCourse } from './course-context.js';
import { optionsOf } from './options.js';
import { sayJson, tell } from './output/output.js';
import { solveLines } from './output/solve-lines.js';
import { exitCodeOf } from './output/verdict-lines.js';

export function solveCommand(command: Command): Command {
  return command.argument('<lesson>').action(async (id: string, _: unknown, command: Command) => {
    const options = optionsOf(command);
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
