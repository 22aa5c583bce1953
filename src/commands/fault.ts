import { Argument, Command } from 'commander';
import type { Runtime } from '../lab/runtime.js';
import { Problem } from '../problem.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output.js';

/** What each fault does, in the words of an operator. */
const faults = {
  kill: 'killed without warning (SIGKILL)',
  stop: 'stopped cleanly (SIGTERM)',
  pause: 'paused: it keeps its connections and answers nothing',
  resume: 'running on',
  start: 'started',
  isolate: 'cut off the network: it lives, reaches nobody, and nobody reaches it',
  rejoin: 'on the network again',
} as const satisfies Partial<Record<keyof Runtime, string>>;

type Fault = keyof typeof faults;

export function faultCommand(): Command {
  return new Command('fault')
    .description('make a service fail, or bring it back')
    .addArgument(new Argument('<fault>').choices(Object.keys(faults)))
    .argument('<service>')
    .action(async (fault: Fault, service: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const { openOwnLab } = await import('./lab-context.js');
      const lab = await openOwnLab(options);
      const act = lab.runtime[fault];
      if (!act) throw oneNetwork();
      await act(service);
      const status = (await lab.runtime.services()).find(({ name }) => name === service);
      if (options.json) sayJson(status);
      else say(`${service} is ${faults[fault]}.`);
    });
}

/** Local processes share the machine's one loopback network, which none of them can be taken off. */
function oneNetwork(): Problem {
  return new Problem(
    'docker-only',
    'This lab runs as processes of one machine, on one network: none of them can be cut off it.',
    {
      remedy:
        'fault pause comes nearest (the server keeps its connections and answers nobody); to cut one off for real, run the lab in containers: --runtime docker.',
    },
  );
}
