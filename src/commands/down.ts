import { Command } from 'commander';
import type { DownReport } from '../lab/runtime.js';
import { Problem } from '../problem.js';
import { type CommonOptions, optionsOf } from './options.js';
import { say, sayJson } from './output.js';

export function downCommand(): Command {
  return new Command('down')
    .description('stop the servers that the course started')
    .option('--purge', 'also remove their data and logs; your progress stays', false)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ purge: boolean }>(command);
      const report = await down(options);
      if (options.json) return sayJson(report);
      say(report.stopped.length > 0 ? `Stopped: ${report.stopped.join(', ')}.` : 'Nothing was running.');
      if (report.killed?.length)
        say(`Did not end by themselves and were killed: ${report.killed.join(', ')}.`);
      if (report.removed.length > 0) say(`Removed: ${report.removed.join(', ')}.`);
      else if (!options.purge) say('Data is kept. Start it again: mongo-scale-course up');
    });
}

async function down(options: CommonOptions & { purge: boolean }): Promise<DownReport> {
  const { openOwnLab } = await import('./lab-context.js');
  const { withProgressLines } = await import('./progress-lines.js');
  try {
    const lab = await openOwnLab(options);
    return await withProgressLines(options.json, (onProgress) =>
      lab.down({ purge: options.purge }, onProgress),
    );
  } catch (error) {
    if (!options.purge || !(error instanceof Problem) || error.code !== 'lab-damaged') throw error;
    const { purgeDamagedLab } = await import('../lab/purge-damaged.js');
    const { resolveHome } = await import('../home.js');
    return withProgressLines(options.json, (onProgress) =>
      purgeDamagedLab(resolveHome(options.home), onProgress),
    );
  }
}
