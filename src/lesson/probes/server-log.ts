import type { Document, MongoClient } from 'mongodb';
import { dedupeInFlight } from './dedupe.js';

/** One line of a server's own log (manual: "Log Messages", JSON since 4.4). */
export interface LogEntry {
  /** Which message it is: the same number in every version that has it. */
  readonly id: number;
  readonly attr: Document;
}

/**
 * The server's last messages with one of these ids, oldest first, out of the 1,024 lines that it keeps in memory
 * (database command `getLog`). Only for what a server refused and therefore has no state of.
 */
export async function logEntries(client: MongoClient, ids: readonly number[]): Promise<readonly LogEntry[]> {
  const { log } = await client.db('admin').command({ getLog: 'global' });
  const marks = ids.map((id) => `"id":${id},`);
  return (log as string[])
    .filter((line) => marks.some((mark) => line.includes(mark)))
    .map((line) => JSON.parse(line) as Partial<LogEntry>)
    .map(({ id = 0, attr = {} }) => ({ id, attr }))
    .filter(({ id }) => ids.includes(id));
}

const uncleanShutdown = 22271; // Detected unclean shutdown - Lock file is not empty (6.0.5)

/** True if the server's last run did not end in order: it was killed, or its machine was. */
export async function wasKilledBefore(client: MongoClient): Promise<boolean> {
  return (await logEntries(client, [uncleanShutdown])).length > 0;
}

/** How often the server was given this command and refused it, since it started (`serverStatus().metrics.commands`). */
export async function timesRefused(client: MongoClient, command: string): Promise<number> {
  const count = await commandCounters(client);
  return count(command, 'failed');
}

/**
 * True if someone gave this server a command that it does not know. A starting mongosh asks once for
 * `atlasVersion`, which only Atlas knows, and once for `buildInfo` (measured with mongosh 2.12 and mongod 6.0.5);
 * what is counted as unknown beyond that was typed.
 */
export async function wasGivenUnknownCommand(client: MongoClient): Promise<boolean> {
  const count = await commandCounters(client);
  return count('<UNKNOWN>') > count('buildInfo', 'total');
}

type CommandCounters = (command: string, which?: 'failed' | 'total') => number;

/**
 * How often a command was given. Only what is asked for is decoded: the reply has a thousand counters, and a check
 * asks at every look.
 */
const commandCounters = dedupeInFlight(async (client): Promise<CommandCounters> => {
  // Not with this module, which every lesson loads: a list of lessons needs no BSON.
  const { deserialize } = await import('bson');
  /** A document with the documents in it left as bytes. */
  const shallow = (document: Uint8Array): Document => deserialize(document, { raw: true });
  const status = await client
    .db('admin')
    .command({ serverStatus: 1, wiredTiger: 0, tcmalloc: 0, transportSecurity: 0 }, { raw: true });
  const commands = status.metrics ? shallow(shallow(status.metrics).commands) : {};
  return (command, which) => {
    const counter = commands[command];
    // Of the unknown ones there is just a number.
    if (which === undefined || counter === undefined) return Number(counter ?? 0);
    return Number(shallow(counter)[which] ?? 0);
  };
});
