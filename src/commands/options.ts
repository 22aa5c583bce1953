import { type Command, InvalidArgumentError, Option } from 'commander';
import { type Language, languages } from '../course/types.js';

/** What every command takes. */
export interface CommonOptions {
  readonly json: boolean;
  readonly home?: string | undefined;
  readonly lang: Language;
  readonly runtime?: 'docker' | 'local' | 'auto' | undefined;
  readonly portOffset?: number | undefined;
}

/** The options of a command together with those that all commands share, wherever on the line they stood. */
export function optionsOf<Own extends object = object>(command: Command): CommonOptions & Own {
  return command.optsWithGlobals<CommonOptions & Own>();
}

/** Adds the options that all commands share: to the program itself, which takes them before and after a command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print one JSON document on stdout and nothing else', false)
    .addOption(
      new Option('--runtime <kind>', 'what runs the servers')
        .choices(['docker', 'local', 'auto'])
        .env('MSC_RUNTIME'),
    )
    .option('--debug', 'note errors that are passed over in debug.log of the home (or MSC_DEBUG=FILE)')
    .option('--home <folder>', 'progress, data and logs (or MSC_HOME)')
    .addOption(
      new Option('--lang <language>', 'language of the lessons')
        .choices([...languages])
        .default('en')
        .env('MSC_LANG'),
    )
    .addOption(
      new Option('--port-offset <n>', 'added to every port, for a second lab beside the first').argParser(
        portOffset,
      ),
    );
}

function portOffset(value: string): number {
  const offset = Number(value);
  // 27133 is the highest port of the course; 65535 the highest there is.
  if (!Number.isInteger(offset) || offset < 0 || offset > 38_000) {
    throw new InvalidArgumentError('It is a whole number from 0 to 38000.');
  }
  return offset;
}
