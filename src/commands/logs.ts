import { Command, InvalidArgumentError } from 'commander';
import { optionsOf } from './options.js';
import { say, sayJson } from './output.js';

export function logsCommand(): Command {
  return new Command('logs')
    .description("a service's log")
    .argument('<service>')
    .option('--tail <n>', 'how many of the last lines', wholeNumber, 100)
    .option('--follow', 'go on until Ctrl-C', false)
    .action(async (service: string, _: unknown, command: Command) => {
      const options = optionsOf<{ tail: number; follow: boolean }>(command);
      const { withLab } = await import('./lab-context.js');
      await withLab(options, async ({ lab, signal }) => {
        const follow = options.follow && !options.json;
        const lines: string[] = [];
        for await (const line of lab.runtime.logs(service, { tail: options.tail, follow, signal })) {
          if (options.json) lines.push(line);
          else say(line);
        }
        if (options.json) sayJson({ service, lines });
      });
    });
}

function wholeNumber(value: string): number {
  if (!/^\d+$/.test(value)) throw new InvalidArgumentError('It is a whole number.');
  return Number(value);
}
