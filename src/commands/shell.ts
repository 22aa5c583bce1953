import type { Command } from 'commander';
import { execa } from 'execa';
import { Problem, usageProblem } from '../problem.js';
import { openOwnLab } from './lab-context.js';
import { optionsOf } from './options.js';

export function shellCommand(command: Command): Command {
  return command
    .argument('<service>')
    .argument('[args...]', 'after --, given to the shell')
    .addHelpText('after', '\nExample:\n  mongo-scale-course shell router1 -- --eval "sh.status()"')
    .action(async (service: string, args: string[], _: unknown, command: Command) => {
      const options = optionsOf(command);
      if (options.json) {
        throw usageProblem(
          'shell-and-json',
          'A shell prints what it likes, not one JSON document.',
          'Leave --json out.',
        );
      }
      const lab = await openOwnLab(options);
      const terminal = process.stdin.isTTY ?? false;
      const shell = await lab.shell(service, { terminal, args });
      // Ctrl-C belongs to the shell while it runs.
      process.on('SIGINT', () => {});
      const result = await execa(shell.file, [...shell.args], {
        env: { ...shell.env },
        stdio: 'inherit',
        reject: false,
      });
      if (result.exitCode === undefined) throw shellFailed(service, result.shortMessage ?? '');
      process.exitCode = result.exitCode;
    });
}

function shellFailed(service: string, why: string): Problem {
  return new Problem('shell-failed', `The shell of ${service} could not be run: ${why}`, {
    remedy: 'See what is missing: mongo-scale-course doctor',
  });
}
