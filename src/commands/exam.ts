import { Command, InvalidArgumentError } from 'commander';
import { readExam } from '../exam/read.js';
import type { ExamReport } from '../exam/report.js';
import { startExam } from '../exam/start.js';
import { stopExam } from '../exam/stop.js';
import { examLines } from '../exam/words.js';
import { resolveHome } from '../home.js';
import { openOwnLab } from './lab-context.js';
import { type CommonOptions, optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function examCommand(command: Command): Command {
  return command.addCommand(startCommand()).addCommand(stopCommand()).addCommand(statusCommand());
}

function startCommand(): Command {
  return new Command('start')
    .description('begin; it goes on when this command has ended, and ends by itself')
    .option('--seed <n>', 'the same seed brings the same faults (default: chosen by chance)', number)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ seed?: number }>(command);
      const report = await startExam(await openOwnLab(options), { seed: options.seed });
      if (options.json) return sayJson(report);
      say(`The exam has begun, with seed ${report.seed}. It takes a minute and a half.`);
      say('See how it stands: mongo-scale-course exam status. Break it off: mongo-scale-course exam stop');
    });
}

function stopCommand(): Command {
  return new Command('stop')
    .description('break it off: what it killed is started again, its customers go')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf(command);
      await tellOf(await stopExam(resolveHome(options.home)), options);
    });
}

function statusCommand(): Command {
  return new Command('status')
    .description('what has to hold, and whether it does')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf(command);
      await tellOf(readExam(resolveHome(options.home)), options);
    });
}

function number(value: string): number {
  const parsed = Number(value);
  if (Number.isNaN(parsed)) throw new InvalidArgumentError('It is a number.');
  return parsed;
}

/** The document of `exam status --json`: the report, or that there is none. */
async function tellOf(report: ExamReport | undefined, options: CommonOptions): Promise<void> {
  if (options.json) return sayJson(report ?? { state: 'none' });
  if (!report) return say('No exam was held on this lab yet. Begin with: mongo-scale-course exam start');
  for (const line of examLines(report)) say(line);
}
