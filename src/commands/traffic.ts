import { Command, InvalidArgumentError, Option } from 'commander';
import { resolveHome } from '../home.js';
import { usageProblem } from '../problem.js';
import { openTrafficReader } from '../shop/traffic/read.js';
import type { TrafficReport } from '../shop/traffic/report.js';
import { startTraffic } from '../shop/traffic/start.js';
import { stopTraffic } from '../shop/traffic/stop.js';
import { trafficLines } from '../shop/traffic/words.js';
import { openOwnLab } from './lab-context.js';
import { type CommonOptions, optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';
import { watchTraffic } from './output/traffic-watch.js';

export function trafficCommand(command: Command): Command {
  return command.addCommand(startCommand()).addCommand(stopCommand()).addCommand(statusCommand());
}

function startCommand(): Command {
  return new Command('start')
    .description('send customers; they go on when this command has ended')
    .option('--rate <n>', 'requests per second (default: 50)', number)
    .option('--minutes <n>', 'when it ends by itself (default: 30)', number)
    .addOption(
      new Option('--w <concern>', 'how many members must have an order before the shop says yes')
        .choices(['1', 'majority', 'both'])
        .default('majority'),
    )
    .option('--orders <percent>', 'how many of 100 requests are orders (default: 30)', number)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ rate?: number; minutes?: number; w: string; orders?: number }>(command);
      const { rate, minutes, orders } = options;
      const report = await startTraffic(await openOwnLab(options), {
        rate,
        minutes,
        orders,
        w: options.w === '1' ? 1 : (options.w as 'majority' | 'both'),
      });
      if (options.json) return sayJson(report);
      const until = Math.round((report.endsAt - report.startedAt) / 60_000);
      say(`${report.rate} requests a second go to ${report.target}, for ${until} minutes at most.`);
      say(
        'See what comes of them: mongo-scale-course traffic status --watch. End it: mongo-scale-course traffic stop',
      );
    });
}

function stopCommand(): Command {
  return new Command('stop')
    .description('send no more, look for every order not verified yet, and tell what came of it')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf(command);
      await tellOf(await stopTraffic(resolveHome(options.home)), options);
    });
}

function statusCommand(): Command {
  return new Command('status')
    .description('rate, latencies, failures, outages, lost orders')
    .option('--watch', 'again every second, until the traffic ends', false)
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ watch: boolean }>(command);
      const read = openTrafficReader(resolveHome(options.home));
      if (!options.watch) return tellOf(read(), options);
      if (options.json) {
        throw usageProblem(
          'watch-and-json',
          '--watch has no end, so it cannot print one JSON document.',
          'Leave one of them out.',
        );
      }
      await watchTraffic(read);
    });
}

function number(value: string): number {
  const parsed = Number(value);
  if (Number.isNaN(parsed)) throw new InvalidArgumentError('It is a number.');
  return parsed;
}

/** The document of `traffic status --json`: the report, or that there is none. */
async function tellOf(report: TrafficReport | undefined, options: CommonOptions): Promise<void> {
  if (options.json) return sayJson(report ?? { state: 'none' });
  if (!report)
    return say('No traffic has been sent to this lab yet. Begin with: mongo-scale-course traffic start');
  for (const line of trafficLines(report)) say(line);
}
