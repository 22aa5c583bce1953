import { Problem } from '../problem.js';
import type { Program } from './compose/service.js';

const damaged = 'its data files are damaged';
const otherVersion = 'its data was written by another version of MongoDB';

/** What exit codes of a server mean (MongoDB manual, "Exit Codes and Statuses"; 132 is 128 + SIGILL). */
const exitMeanings: Partial<Record<number | string, string>> = {
  2: 'its options do not fit together',
  // "An unrecoverable error" while it starts: it cannot read its data files (storage.bson, WiredTiger.wt).
  14: damaged,
  48: 'its port is in use',
  62: otherVersion,
  100: 'it hit an error it cannot go on from',
  132: 'this processor has no AVX, which MongoDB 5.0 and newer need',
  SIGILL: 'this processor has no AVX, which MongoDB 5.0 and newer need',
  SIGKILL: 'somebody ended it with SIGKILL, or the system ran out of memory',
};

/** Texts in a server's log that tell more than its exit code. */
const logMeanings: readonly (readonly [RegExp, string])[] = [
  [/Address already in use/i, 'its port is in use'],
  [/No space left on device/i, 'the disk is full'],
  [
    /Wrong mongod version|featureCompatibilityVersion|unsupported WiredTiger (source )?file version/i,
    otherVersion,
  ],
  [/DBPathInUse|Unable to lock the lock file/i, 'another mongod uses its data folder'],
  [
    /standalone server.*shardsvr|shardsvr as a standalone/i,
    'a shard server has to be a member of a replica set (--replSet)',
  ],
  [/configsvr as a standalone/i, 'a config server has to be a member of a replica set (--replSet)'],
  [/WT_TRY_SALVAGE|database corruption/i, damaged],
  [/SERVER-121912/, 'this version of MongoDB does not run on this Linux kernel; 7.0 does'],
  [/error while loading shared libraries/i, 'this system lacks a library the program needs'],
];

/**
 * The error of a service that ended while it was started: how, the log's last words, and what they mean.
 * @param end its exit code, or the name of the signal that ended it
 */
export function failedStart(
  service: string,
  program: Program,
  end: number | string,
  log: readonly string[],
): Problem {
  const how = typeof end === 'number' ? `with exit code ${end}` : `by ${end}`;
  const meaning = meaningOf(log) ?? exitMeanings[end];
  const last = lastOf(log).map((line) => `  ${readable(line)}`);
  const readOn = `Read the whole log: mongo-scale-course logs ${service}`;
  return new Problem(
    'service-failed',
    [
      `${service} (${program}) ended ${how} while it was starting${meaning ? `: ${meaning}` : ''}.`,
      ...(last.length > 0 ? ['The last lines of its log:', ...last] : []),
    ].join('\n'),
    {
      remedy: [...waysOut(meaning), readOn].join('\n'),
    },
  );
}

/** Where its data keeps a server from starting, trying again does not help. */
function waysOut(meaning: string | undefined): readonly string[] {
  const empty = 'Start with an empty lab (your progress is kept): mongo-scale-course down --purge';
  if (meaning === damaged) return [empty];
  if (meaning === otherVersion)
    return [`${empty}\nTo keep the data, name the folder of the MongoDB that wrote it: MSC_BIN_DIR=FOLDER`];
  return [];
}

/** The last lines that tell something: of a mongod that crashed they are errors, and below them only its stack. */
function lastOf(log: readonly string[]): readonly string[] {
  const errors = log.filter((line) => /^{.*?"s":"[EF]"/.test(line));
  return (errors.length > 0 ? errors : log).slice(-5);
}

/** The error of a service that lives but has not answered in time. */
export function silentStart(service: string, seconds: number, log: readonly string[]): Problem {
  const last = log.slice(-3).map((line) => `  ${readable(line)}`);
  return new Problem(
    'service-silent',
    [`${service} runs but has not answered within ${seconds} s. The last lines of its log:`, ...last].join(
      '\n',
    ),
    { remedy: `Read the whole log: mongo-scale-course logs ${service}` },
  );
}

/** What the texts in a log mean, where they tell more than an exit code. */
export function meaningOf(lines: readonly string[]): string | undefined {
  const text = lines.filter((line) => !/"s":"[ID]\d?"/.test(line)).join('\n');
  return logMeanings.find(([pattern]) => pattern.test(text))?.[1];
}

/** A line of MongoDB's JSON log (manual, "Log Messages") as `message: error`; any other line as it is. */
export function readable(line: string): string {
  try {
    const { msg, attr } = JSON.parse(line) as { msg?: string; attr?: Record<string, unknown> };
    if (msg === undefined) return line;
    const error = storageError(attr?.message) ?? attr?.error ?? attr?.errmsg ?? attr?.message;
    const said = error === undefined || typeof error === 'string' ? error : JSON.stringify(error);
    return [msg, said].flatMap((part) => part?.trim() ?? []).join(': ');
  } catch {
    return line;
  }
}

/** What WiredTiger says, which is an object in the log: its message, and the name of its error. */
function storageError(message: unknown): string | undefined {
  if (typeof message !== 'object' || message === null) return undefined;
  const { msg, error_str: name } = message as { msg?: string; error_str?: string };
  return msg === undefined ? undefined : [msg, name].filter((part) => part !== undefined).join(', ');
}
