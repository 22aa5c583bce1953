import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { RuntimeKind } from '../runtime.js';

const text = z.string();
const hash = z.string().regex(/^[0-9a-f]{64}$/);
/** Below the folder that is written: an imported checkpoint may come from anybody. */
const path = text.refine(
  (value) => value !== '' && !value.split('/').some((part) => ['', '.', '..'].includes(part)),
);
const folder = z.object({
  kind: z.literal('folder'),
  path,
  mode: z.number(),
  uid: z.number(),
  gid: z.number(),
});
const file = folder.extend({ kind: z.literal('file'), size: z.number(), sha256: hash, stamp: text });
const tree = z.array(z.discriminatedUnion('kind', [folder, file]));

/** The form of a manifest; raised when an older course could not use it. */
export const manifestFormat = 1;

const manifestSchema = z.object({
  format: z.literal(manifestFormat),
  /** Unique among the checkpoints of a home. */
  name: text,
  /** `auto`: taken by the course, and removed when there is no room; `saved`: the learner's, by a name of their own. */
  kind: z.enum(['auto', 'saved']),
  /** ISO time. */
  takenAt: text,
  /** Version of the course that took it. */
  course: text,
  /** Hash of all that leads to this state: a course that teaches otherwise does not go on from it by itself. */
  basis: text,
  stage: text,
  /** The lesson that the learner was in. */
  lesson: text,
  /** Whether nothing of that lesson was done yet, so that `goto` may go on from it. */
  atStart: z.boolean(),
  runtime: z.enum(['docker', 'local']),
  portOffset: z.number().int(),
  /** By service: what runs (`mongod 6.0.5`) and the address by which other nodes know it. */
  services: z.record(text, z.object({ runs: text, address: text })),
  /** Services that were primary of a replica set. */
  primaries: z.array(text),
  /** Lessons passed on this very data. */
  passed: z.array(text),
  /** The object that holds its content. */
  content: hash,
});

const contentSchema = z.object({
  /** The data folders or volumes, by the name of the volume. */
  data: tree,
  /** The learner's files. */
  workspace: tree,
  /** By Redis service: every key with its value as `DUMP` gives it. */
  redis: z.record(text, z.array(z.object({ key: text, ttl: z.number(), dump: text }))),
  /** By lesson: what the course keeps of it in the progress file. */
  progress: z.record(text, z.unknown()),
});

/** What is known of a checkpoint without its content: small, so that all of a home can be read at once. */
export type Manifest = z.infer<typeof manifestSchema>;

/** What a checkpoint brings back; a tree names the objects that hold the files. */
export type Content = z.infer<typeof contentSchema>;

/** A manifest as a text that tells when it was changed. */
export function writeManifest(manifest: Manifest): string {
  const body = JSON.stringify(manifest);
  return JSON.stringify({ sha256: hashOf(body), body });
}

/** A manifest that only a newer version of the course can read. */
export class NewerFormat extends Error {}

/** Reads what `writeManifest` wrote. Throws an Error that says what is wrong with it. */
export function parseManifest(source: string): Manifest {
  const { sha256, body } = z.object({ sha256: text, body: text }).parse(JSON.parse(source));
  if (hashOf(body) !== sha256) throw new Error('it was changed after it was written');
  const value: unknown = JSON.parse(body);
  const { format } = z.object({ format: z.number() }).parse(value);
  if (format > manifestFormat) throw new NewerFormat('it was written by a newer version of the course');
  return manifestSchema.parse(value);
}

/** Reads the content of a checkpoint. Throws what zod throws. */
export function parseContent(source: string): Content {
  return contentSchema.parse(JSON.parse(source));
}

/** The objects that a content names, each once. */
export function objectsOf({ data, workspace }: Pick<Content, 'data' | 'workspace'>): readonly string[] {
  const all = [...data, ...workspace].flatMap((entry) => (entry.kind === 'file' ? [entry.sha256] : []));
  return [...new Set(all)];
}

function hashOf(body: string): string {
  return createHash('sha256').update(body).digest('hex');
}

/** Where a checkpoint is to be restored. */
export interface Place {
  readonly course: string;
  readonly runtime: RuntimeKind;
  readonly portOffset: number;
  /** By service of the checkpoint's stage: what would run it here, where that is known. */
  readonly runs: Readonly<Record<string, string | undefined>>;
}

/** Why a checkpoint cannot be restored here, as the end of a sentence; undefined where it can. */
export function misfit(manifest: Manifest, here: Place): string | undefined {
  if (compareVersions(manifest.course, here.course) > 0)
    return `it was taken by version ${manifest.course} of the course, and this is ${here.course}`;
  if (manifest.runtime !== here.runtime)
    return `it was taken on the ${manifest.runtime} runtime, and this lab runs on ${here.runtime}`;
  if (manifest.portOffset !== here.portOffset)
    return `its servers know each other by ports with offset ${manifest.portOffset}, and this lab has offset ${here.portOffset}`;
  for (const [service, { runs }] of Object.entries(manifest.services)) {
    const own = here.runs[service];
    if (own !== undefined && seriesOf(own) !== seriesOf(runs))
      return `its data was written by ${runs}, and ${service} runs ${own} here`;
  }
  return undefined;
}

/** `mongod 6.0` of `mongod 6.0.5`: the data of one series can be read by all of it. */
export function seriesOf(runs: string): string {
  return runs.replace(/(\d+\.\d+)\.\S+/, '$1');
}

function compareVersions(a: string, b: string): number {
  const numbers = (version: string) => version.split(/[.-]/).map((part) => Number.parseInt(part, 10) || 0);
  const [left, right] = [numbers(a), numbers(b)];
  for (let at = 0; at < Math.max(left.length, right.length); at += 1) {
    const difference = (left[at] ?? 0) - (right[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
