import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { courseIn, ownCourse } from '../course/catalog.js';
import { lintCourse } from '../lint/lint.js';
import { ExitCode, usageProblem } from '../problem.js';
import { optionsOf } from './options.js';
import { paint, say, sayJson } from './output/output.js';

/** For whoever writes lessons. A folder of one's own has its modules (`lesson.mjs`) beside its texts. */
export function lintCommand(command: Command): Command {
  return command
    .argument('[folder]', "a course's folder; default: this course")
    .action(async (folder: string | undefined, _: unknown, command: Command) => {
      if (folder !== undefined && !statSync(folder, { throwIfNoEntry: false })?.isDirectory())
        throw usageProblem('no-course', `${folder} is no folder, so there is no course in it.`);
      const report = await lintCourse(folder === undefined ? ownCourse : courseIn(resolve(folder)));
      if (report.findings.length > 0) process.exitCode = ExitCode.notPassed;
      if (optionsOf(command).json) return sayJson({ ok: report.findings.length === 0, ...report });
      for (const { where, rule, message } of report.findings) {
        say(`${paint('bold', where)}: ${message} (${rule})`);
      }
      const count = report.findings.length;
      say(
        count === 0
          ? `${report.lessons} lessons, nothing wrong.`
          : `${report.lessons} lessons, ${count} ${count === 1 ? 'fault' : 'faults'}.`,
      );
    });
}
