import { Command } from 'commander';
import { optionsOf } from './options.js';

export function shellCommand(): Command {
  return new Command('shell')
    .description("open a service's own shell: mongosh, redis-cli or a system shell")
    .argument('<service>')
    .argument('[args...]', 'after --, given to the shell')
    .addHelpText('after', '\nExample:\n  mongo-scale-course shell router1 -- --eval "sh.status()"')
    .action(async (service: string, args: string[], _: unknown, command: Command) => {
      const options = optionsOf(command);
      const { withLab } = await import('./lab-context.js');
      const { execa } = await import('execa');
      await withLab(options, async ({ lab }) => {
        const terminal = process.stdin.isTTY ?? false;
        const shell = await lab.runtime.shell(service, { terminal, args });
        // Ctrl-C belongs to the shell while it runs.
        const ignore = (): void => {};
        process.on('SIGINT', ignore);
        try {
          const result = await execa(shell.file, [...shell.args], {
            env: { ...shell.env },
            stdio: 'inherit',
            reject: false,
          });
          process.exitCode = result.exitCode ?? 1;
        } finally {
          process.removeListener('SIGINT', ignore);
        }
      });
    });
}
