import { Command, InvalidArgumentError } from 'commander';
import type { ExamReport } from '../exam/report.js';
import { type CommonOptions, optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function examCommand(): Command {
  return new Command('exam')
    .description('the final exam: ten times the customers for a minute, while the course kills servers')
    .addCommand(startCommand())
    .addCommand(stopCommand())
    .addCommand(statusCommand());
}

function startCommand(): Command {
  return new Command('start')
    .description('begin; it goes on when this command has ended, and ends by itself')
    .option('--seed <n>', 'the same seed brings the same faults (default: chosen by chance)', number)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ seed?: number }>(command);
      const { openOwnLab } = await import('./lab-context.js');
      const { startExam } = await import('../exam/start.js');
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
      const { resolveHome } = await import('../home.js');
      const { stopExam } = await import('../exam/stop.js');
      await tellOf(await stopExam(resolveHome(options.home)), options);
    });
}

function statusCommand(): Command {
  return new Command('status')
    .description('what has to hold, and whether it does')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf(command);
      const { resolveHome } = await import('../home.js');
      const { readExam } = await import('../exam/read.js');
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
  const { examLines } = await import('../exam/words.js');
  for (const line of examLines(report)) say(line);
}
