import { parseArgs } from 'node:util';
import type { RuntimeKind } from '../../src/lab/runtime.js';
import { usageProblem } from '../../src/problem.js';

export const usage = `npm run prove -- LESSON|STAGE|all …        prove these lessons: start, every mistake, solution
npm run prove -- --changed                  those that uncommitted changes can affect, or else the last commit
npm run prove -- --since REF                those that the changes since REF can affect
  --fifth           also a fifth of all lessons, which the commit's hash chooses
  --mistake ID      of one lesson: make only this mistake
  --docker          in containers
  --within SECONDS  begin no lesson after so many seconds; those that were left out are listed
  --lanes N         so many labs side by side (default: what cores and memory serve)
  --list            print the choice, prove nothing`;

export interface Asked {
  /** Ids of lessons or of stages, or `all`. */
  readonly names: readonly string[];
  readonly changed: boolean;
  /** Where changes begin; undefined: the last commit, or what is not committed. */
  readonly since?: string | undefined;
  readonly fifth: boolean;
  readonly mistake?: string | undefined;
  readonly runtime: RuntimeKind;
  /** Seconds. */
  readonly within?: number | undefined;
  readonly lanes?: number | undefined;
  readonly list: boolean;
}

/** Reads the command line. @throws Problem `wrong-use` */
export function readArguments(args: readonly string[]): Asked {
  const { values, positionals } = parse(args);
  const { changed, since, fifth, mistake, docker, within, lanes, list } = values;
  const asked: Asked = {
    names: positionals,
    changed: changed || since !== undefined,
    since,
    fifth,
    mistake,
    runtime: docker ? 'docker' : 'local',
    within: positive('within', within),
    lanes: positive('lanes', lanes),
    list,
  };
  if (positionals.length === 0 && !asked.changed && !fifth) throw wrongUse('Nothing to prove was named.');
  if (mistake !== undefined && (positionals.length !== 1 || asked.changed || fifth))
    throw wrongUse('--mistake belongs to one lesson.');
  return asked;
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        changed: { type: 'boolean', default: false },
        since: { type: 'string' },
        fifth: { type: 'boolean', default: false },
        mistake: { type: 'string' },
        docker: { type: 'boolean', default: false },
        within: { type: 'string' },
        lanes: { type: 'string' },
        list: { type: 'boolean', default: false },
      },
    });
  } catch (cause) {
    throw wrongUse((cause as Error).message);
  }
}

function positive(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  const number = Number(value);
  if (Number.isInteger(number) && number > 0) return number;
  throw wrongUse(`--${name} ${value} is not a whole number above 0.`);
}

function wrongUse(message: string) {
  return usageProblem('wrong-use', message, `Usage:\n${usage}`);
}
