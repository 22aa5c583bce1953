import { Command } from 'commander';
import { optionsOf } from './options.js';
import { say, sayJson } from './output.js';

export function downCommand(): Command {
  return new Command('down')
    .description('stop the servers that the course started')
    .option('--purge', 'also remove their data and logs; your progress stays', false)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ purge: boolean }>(command);
      const { withLab } = await import('./lab-context.js');
      await withLab(options, async ({ lab }) => {
        const report = await lab.down({ purge: options.purge });
        if (options.json) return sayJson(report);
        say(report.stopped.length > 0 ? `Stopped: ${report.stopped.join(', ')}.` : 'Nothing was running.');
        if (report.removed.length > 0) say(`Removed: ${report.removed.join(', ')}.`);
        else if (!options.purge) say('Data is kept. Start it again: mongo-scale-course up');
      });
    });
}
