import { type Command, InvalidArgumentError } from 'commander';
import { usageProblem } from '../problem.js';
import { withLab } from './lab-context.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function logsCommand(command: Command): Command {
  return command
    .argument('<service>')
    .option('--tail <n>', 'how many of the last lines', wholeNumber, 100)
    .option('--follow', 'go on until Ctrl-C', false)
    .action(async (service: string, _: unknown, command: Command) => {
      const options = optionsOf<{ tail: number; follow: boolean }>(command);
      if (options.follow && options.json) {
        throw usageProblem(
          'follow-and-json',
          '--follow has no end, so it cannot print one JSON document.',
          'Leave one of them out.',
        );
      }
      await withLab(options, async ({ lab, signal }) => {
        const lines: string[] = [];
        for await (const line of lab.runtime.logs(service, {
          tail: options.tail,
          follow: options.follow,
          signal,
        })) {
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
