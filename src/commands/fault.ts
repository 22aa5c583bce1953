import { Argument, Command } from 'commander';
import type { Runtime } from '../lab/runtime.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output.js';

/** What each fault does, in the words of an operator. */
const faults = {
  kill: 'killed without warning (SIGKILL)',
  stop: 'stopped cleanly (SIGTERM)',
  pause: 'paused: it keeps its connections and answers nothing',
  resume: 'running on',
  start: 'started',
} as const satisfies Partial<Record<keyof Runtime, string>>;

type Fault = keyof typeof faults;

export function faultCommand(): Command {
  return new Command('fault')
    .description('make a service fail, or bring it back')
    .addArgument(new Argument('<fault>').choices(Object.keys(faults)))
    .argument('<service>')
    .action(async (fault: Fault, service: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const { withLab } = await import('./lab-context.js');
      await withLab(options, async ({ lab }) => {
        await lab.runtime[fault](service);
        const status = (await lab.runtime.services()).find(({ name }) => name === service);
        if (options.json) sayJson(status);
        else say(`${service} is ${faults[fault]}.`);
      });
    });
}
