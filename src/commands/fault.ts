import { Argument, type Command } from 'commander';
import { type FaultKind, faultKinds, faultWords, makeFault } from '../lab/faults/faults.js';
import { openOwnLab } from './lab-context.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function faultCommand(command: Command): Command {
  return command
    .addArgument(new Argument('<fault>').choices(faultKinds))
    .argument('<service>')
    .action(async (fault: FaultKind, service: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const lab = await openOwnLab(options);
      await makeFault(lab.runtime, fault, service);
      const status = (await lab.runtime.services()).find(({ name }) => name === service);
      if (options.json) sayJson(status);
      else say(`${service} is ${faultWords[fault]}.`);
    });
}
