#!/usr/bin/env node
import { join } from 'node:path';
import { Command, CommanderError, Option } from 'commander';
import { type CommandEntry, commandTable } from './command-table.js';
import { optionsOf, withCommonOptions } from './commands/options.js';
import { report, sayJson } from './commands/output/output.js';
import type { WorkbenchCommandOptions } from './commands/workbench.js';
import { nearest } from './course/nearest.js';
import { resolveHome } from './home.js';
import { packageVersion } from './package.js';
import { ExitCode, type Problem, usageProblem } from './problem.js';

const examples = `
Examples:
  mongo-scale-course                                open the workbench
  mongo-scale-course up sharding                    bring a stage's servers up
  mongo-scale-course goto sharding/add-shards       jump to a lesson, on a real lab
  mongo-scale-course undo                           back to the start of this lesson
  mongo-scale-course check sharding/add-shards      look at the live lab
  mongo-scale-course shell router1                  mongosh on the router
  mongo-scale-course down --purge                   stop everything, remove the data

Exit codes: 0 done or passed, 1 a check is not passed, 2 wrong use, 3 the environment cannot.`;

function program(): Command {
  const main = withCommonOptions(new Command('mongo-scale-course'))
    .option('--plain', 'the workbench as plain lines of text, for screen readers and pipes', false)
    .option('--mouse', 'the wheel scrolls and a click chooses, in the workbench', false)
    .addOption(
      new Option('--theme <name>', "colours for the workbench's background")
        .choices(['dark', 'light'])
        .default('dark')
        .env('MSC_THEME'),
    )
    .description(
      'Scale one online shop, step by step, on real servers: the workbench opens when no command is given.',
    )
    .version(packageVersion())
    .addHelpText('after', examples)
    .allowExcessArguments(true)
    .action(async (options: WorkbenchCommandOptions, command: Command) => {
      const [word] = command.args;
      if (word !== undefined) throw unknownCommand(word, command);
      // The workbench is a command without a name: loaded like those of the table.
      const { openWorkbenchCommand } = await import('./commands/workbench.js');
      await openWorkbenchCommand(options);
    });
  for (const { name, summary } of commandTable) main.addCommand(new Command(name).description(summary));
  for (const command of [main, ...main.commands]) quiet(command);
  main.configureHelp({
    showGlobalOptions: true,
    subcommandTerm: (command) => `${command.name()} ${entryOf(command)?.usage ?? command.usage()}`.trimEnd(),
  });
  main.hook('preSubcommand', async (_, command) => {
    const define = await entryOf(command)?.load();
    for (const part of define?.(command).commands ?? []) quiet(part);
  });
  main.hook('preAction', (_, command) => {
    const { debug, home } = optionsOf<{ readonly debug?: boolean }>(command);
    // Processes that the course starts write into the same file.
    if (debug) process.env.MSC_DEBUG ??= join(resolveHome(home).root, 'debug.log');
  });
  return main;
}

function entryOf(command: Command): CommandEntry | undefined {
  return commandTable.find(({ name }) => name === command.name());
}

/** Has errors thrown, so that all are told in one way. */
function quiet(command: Command): void {
  command
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ showGlobalOptions: true });
}

function unknownCommand(word: string, { commands }: Command): Problem {
  const names = commands.map((command) => command.name());
  return usageProblem(
    'unknown-command',
    `There is no command "${word}".`,
    `Did you mean ${nearest(word, names)}? All commands: mongo-scale-course --help`,
  );
}

// A reader that has seen enough (`| head`), or a terminal that was closed (EIO), is no error, and no reason to leave
// work half done.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE' || error.code === 'EIO') return;
    // What the output goes to may be full: what was to be printed is lost, so this is no success.
    if (stream === process.stdout) report(error, false);
    process.exit(ExitCode.environment);
  });
}

// An empty variable is an unset one, as it is for MSC_HOME and MSC_CACHE.
for (const name of ['MSC_RUNTIME', 'MSC_LANG', 'MSC_THEME'])
  if (process.env[name] === '') delete process.env[name];

const ownArguments = process.argv.slice(2);
// What stands after `--` is for the shell that is opened.
const json = ownArguments
  .slice(0, (ownArguments.indexOf('--') + 1 || ownArguments.length + 1) - 1)
  .includes('--json');
try {
  await program().parseAsync();
} catch (error) {
  process.exitCode = error instanceof CommanderError ? usage(error) : report(error, json);
}

/** `--help` and `--version` end here too, with nothing left to say. */
function usage(error: CommanderError): number {
  if (error.exitCode === 0) return ExitCode.ok;
  const message = error.message.replace(/^error: /, '');
  if (json) sayJson({ error: { code: 'wrong-use', message, remedy: 'mongo-scale-course --help' } });
  else process.stderr.write(`error: ${message}\nSee: mongo-scale-course --help\n`);
  return ExitCode.usage;
}
