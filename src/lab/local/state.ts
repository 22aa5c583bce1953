import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod/mini';
import type { Home } from '../../home.js';
import { ensureFolder } from '../../machine/ensure-folder.js';
import { fileProblem } from '../../machine/file-problem.js';
import { fileVersion } from '../../machine/file-version.js';
import { Problem } from '../../problem.js';
import { programs, type Stack } from '../compose/service.js';

const text = z.string();

const launchSchema = z.object({
  file: text,
  args: z.array(text),
  env: z.record(text, text),
  cwd: text,
  /** What really runs, for people: `mongod 6.0.5`. */
  runs: text,
  /** Files that it reads and that are written before it starts, by path. */
  files: z.optional(z.record(text, text)),
});

const recordSchema = z.object({
  launch: launchSchema,
  /** False once we, or the learner through us, ended it. */
  wanted: z.boolean(),
  /** Missing between the moment a start is recorded and the moment it happened. */
  process: z.optional(z.object({ pid: z.int().check(z.positive()), startedAt: text })),
  since: z.optional(text),
  /** Whether it has answered since this start. */
  answered: z.optional(z.boolean()),
});

const mountSchema = z.union([
  z.object({ kind: z.literal('volume'), name: text, target: text }),
  z.object({ kind: z.literal('bind'), source: text, target: text, readOnly: z.boolean() }),
]);

const stackSchema = z.object({
  stage: text,
  file: text,
  portOffset: z.number(),
  services: z.array(
    z.object({
      name: text,
      image: text,
      program: z.enum(programs),
      args: z.array(text),
      environment: z.record(text, text),
      ports: z.array(z.number()),
      mounts: z.array(mountSchema),
      dependsOn: z.array(text),
      healthcheck: z.optional(z.record(text, z.unknown())),
    }),
  ),
  toCome: z.optional(z.record(text, z.number())),
});

const stateSchema = z.object({
  stack: z.optional(stackSchema),
  services: z.record(text, recordSchema),
  leftOut: z.optional(z.record(text, text)),
});

/** How a service is started here: program and arguments for this machine. */
export type Launch = z.infer<typeof launchSchema>;
/** What is remembered of one service. */
export type ServiceRecord = z.infer<typeof recordSchema>;

/** What is remembered of the lab's processes, so that any later command finds them again. */
export interface LocalState {
  readonly stack?: Stack | undefined;
  readonly services: Readonly<Record<string, ServiceRecord>>;
  /** Services of the stack that this machine cannot run, and why. */
  readonly leftOut?: Readonly<Record<string, string>> | undefined;
}

/** The file of the local runtime's memory; `lab.json` beside it says that this runtime is the one in use. */
export interface StateFile {
  /** Reads it afresh whenever another process has written it. Throws `lab-damaged`. */
  read(): LocalState;
  /** Replaces it in one step. Throws `disk-full` or `home-not-writable`. */
  write(state: LocalState): void;
  /** Replaces the record of one service. */
  update(service: string, record: ServiceRecord | undefined): void;
}

export function openStateFile(home: Home): StateFile {
  const path = join(home.lab, 'local.json');
  let seen: { key: string | undefined; state: LocalState } | undefined;
  // What runs does not outlive a power cut, so its notes need not be forced to the disk: a start is waiting.
  const write = (state: LocalState, fsync = true): void => {
    try {
      ensureFolder(dirname(path));
      writeFileAtomic.sync(path, JSON.stringify(state, undefined, 2), { fsync });
    } catch (cause) {
      throw fileProblem(cause, path);
    }
  };
  const read = (): LocalState => {
    const key = fileVersion(path);
    if (!seen || seen.key !== key) seen = { key, state: key === '' ? { services: {} } : parse(path) };
    return seen.state;
  };
  return {
    read,
    write,
    update(service, record) {
      const { [service]: _, ...others } = read().services;
      write({ ...read(), services: record ? { ...others, [service]: record } : others }, false);
    },
  };
}

function parse(path: string): LocalState {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (cause) {
    throw new Problem(
      'lab-damaged',
      `${path}, where the course notes which servers it has started, is damaged, so it cannot tell which are its own.`,
      {
        remedy: 'Start with an empty lab (your progress is kept): mongo-scale-course down --purge',
        cause,
      },
    );
  }
}
