import type { Command } from 'commander';
import type { Home } from '../home.js';
import { resolveHome } from '../home.js';
import { measureCheckpoints, mebibytes } from '../lab/checkpoint/usage.js';
import { purgeDamagedLab } from '../lab/purge-damaged.js';
import type { DownReport } from '../lab/runtime.js';
import { Problem, usageProblem } from '../problem.js';
import { openOwnLab } from './lab-context.js';
import { type CommonOptions, optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';
import { withProgressLines } from './output/progress-lines.js';

interface DownOptions extends CommonOptions {
  readonly purge: boolean;
  readonly keepCheckpoints: boolean;
}

export function downCommand(command: Command): Command {
  return command
    .option('--purge', 'also remove their data and logs, and the checkpoints; your progress stays', false)
    .option('--keep-checkpoints', 'with --purge: keep the checkpoints', false)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ purge: boolean; keepCheckpoints: boolean }>(command);
      if (options.keepCheckpoints && !options.purge) {
        throw usageProblem(
          'wrong-use',
          '--keep-checkpoints is of use with --purge only.',
          'Without --purge, down removes nothing.',
        );
      }
      const home = resolveHome(options.home);
      const { count, bytes } = measureCheckpoints(home);
      const report = await down(options, home);
      const isRemoved = report.removed.includes(home.checkpoints);
      const kept = isRemoved ? 0 : count;
      if (options.json) return sayJson({ ...report, keptCheckpoints: kept });
      say(report.stopped.length > 0 ? `Stopped: ${report.stopped.join(', ')}.` : 'Nothing was running.');
      if (report.killed?.length)
        say(`Did not end by themselves and were killed: ${report.killed.join(', ')}.`);
      if (report.removed.length > 0) say(`Removed: ${report.removed.join(', ')}.`);
      if (report.kept !== undefined) say(report.kept);
      if (!options.purge) say('Data is kept. Start it again: mongo-scale-course up');
      const checkpoints = `${count} ${count === 1 ? 'checkpoint' : 'checkpoints'}, ${mebibytes(bytes)}`;
      if (isRemoved && count > 0) say(`Removed with it: ${checkpoints}.`);
      else if (options.purge && kept > 0) say(`Kept: ${checkpoints}.`);
    });
}

async function down(options: DownOptions, home: Home): Promise<DownReport> {
  const how = { purge: options.purge, checkpoints: options.purge && !options.keepCheckpoints };
  try {
    const lab = await openOwnLab(options);
    return await withProgressLines(options.json, (onProgress) => lab.down(how, onProgress));
  } catch (error) {
    if (!options.purge || !(error instanceof Problem) || error.code !== 'lab-damaged') throw error;
    return withProgressLines(options.json, (onProgress) => purgeDamagedLab(home, how, onProgress));
  }
}
