import { existsSync, statSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { damageOf } from './cache-health.js';
import { mongodbVersion } from './mongodb-archive.js';
import { mongoshScript, mongoshVersion } from './mongosh-package.js';
import { packageFolder } from './obtain.js';
import type { ProgramName } from './program-name.js';
import { type Wheel, wheels } from './wheels.js';

/** Where a program that is not the course's own is. */
export type CandidateSource = 'MSC_BIN_DIR' | 'PATH' | 'cache';

/** Debian keeps this server where an ordinary user's PATH does not look: `/usr/sbin` beside `/usr/bin`. */
const besidePath: readonly ProgramName[] = ['nginx'];

/**
 * The files that may be this program, in the order in which they are to be tried.
 * @param onUnusable told of what is passed over: a damaged program of the cache, a folder that is not there
 */
export async function candidates(
  name: ProgramName,
  env: NodeJS.ProcessEnv,
  onUnusable: (why: string) => void = () => {},
): Promise<readonly (readonly [CandidateSource, string])[]> {
  const installed = [
    ...(env.MSC_BIN_DIR ? [['MSC_BIN_DIR', join(env.MSC_BIN_DIR, name)] as const] : []),
    ...pathFolders(name, env).map((folder) => ['PATH', join(folder, name)] as const),
  ];
  if (env.MSC_BIN_DIR && !statSync(env.MSC_BIN_DIR, { throwIfNoEntry: false })?.isDirectory())
    onUnusable(`MSC_BIN_DIR names ${env.MSC_BIN_DIR}, which is no folder`);
  const runnable = await Promise.all(installed.map(([, file]) => isRunnable(file)));
  const there = cached(name, env).filter(({ folder }) => existsSync(folder));
  const damages = await Promise.all(there.map(({ file, size }) => damageOf(file, size)));
  for (const damage of damages) if (damage !== undefined) onUnusable(damage);
  return [
    ...installed.filter((_, index) => runnable[index]),
    ...there.flatMap(({ file }, index) => (damages[index] === undefined ? [['cache', file] as const] : [])),
  ];
}

function pathFolders(name: ProgramName, env: NodeJS.ProcessEnv): readonly string[] {
  const folders = (env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  if (!besidePath.includes(name)) return folders;
  return [
    ...folders,
    ...folders.filter((folder) => /\/bin\/?$/.test(folder)).map((folder) => join(folder, '..', 'sbin')),
  ];
}

interface CachedProgram {
  readonly folder: string;
  readonly file: string;
  readonly size?: number | undefined;
}

/** Where the cache would have a program, whether or not it is there. */
function cached(name: ProgramName, env: NodeJS.ProcessEnv): readonly CachedProgram[] {
  if (name === 'mongosh') {
    const folder = packageFolder(`mongosh-${mongoshVersion}`, env);
    return [{ folder, file: join(folder, ...mongoshScript) }];
  }
  const archive = packageFolder(`mongodb-${mongodbVersion()}`, env);
  const all: readonly Wheel[] = Object.values(wheels);
  return [
    ...(name === 'mongod' || name === 'mongos' ? [{ folder: archive, file: join(archive, name) }] : []),
    ...all
      .filter(({ members }) => name in members)
      .map((wheel) => {
        const folder = packageFolder(wheelFolder(wheel), env);
        return { folder, file: join(folder, name), size: wheel.sizes?.[name] };
      }),
  ];
}

/** Why a wheel's folder in the cache is not what was unpacked; undefined where it looks whole. */
export async function wheelDamage({ members, sizes }: Wheel, folder: string): Promise<string | undefined> {
  const damages = await Promise.all(
    Object.keys(members).map((name) => damageOf(join(folder, name), sizes?.[name])),
  );
  return damages.find((damage) => damage !== undefined);
}

async function isRunnable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}

const known = new Map<string, Promise<string | undefined>>();

/** What `FILE --version` says, asked once a run; undefined where it does not run. The shells are not asked: slow, and of no use. */
export function versionOf(name: ProgramName, file: string): Promise<string | undefined> {
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
  // Loaded where it is used: execa takes as long to load as Node to start (30 ms).
  const { execa } = await import('execa');
  // nginx says its version on stderr.
  const options = { reject: false, timeout: 10_000, all: true } as const;
  const { exitCode, all } = await execa(file, versionArguments(name), options);
  return exitCode === 0 ? (/\d+\.\d+\.\d+/.exec(all)?.[0] ?? '') : undefined;
}

/** What makes a program say its version and end. */
export function versionArguments(name: ProgramName): readonly string[] {
  if (name === 'traefik') return ['version'];
  return name === 'nginx' ? ['-v'] : ['--version'];
}

/** The folder of the cache that a wheel's programs are in. */
export function wheelFolder({ project, version }: Wheel): string {
  return `${project}-${version}`;
}
