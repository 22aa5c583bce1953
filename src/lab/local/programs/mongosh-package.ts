import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../../../machine/run-tool.js';
import { packageRoot } from '../../../package.js';
import { Problem } from '../../../problem.js';
import type { Obtaining } from './obtain.js';

/** The version of the npm package `mongosh` that is fetched where PATH has none: that of `assets/mongosh`. */
export const mongoshVersion = '2.12.0';

/** Where mongosh is in a folder that `obtainMongosh` has filled. */
export const mongoshScript = ['node_modules', 'mongosh', 'bin', 'mongosh.js'] as const;

/** npm's own: two more tries after 10 and 60 s, in which a network that is not there does not come back. */
const patience = {
  npm_config_fetch_retries: '1',
  npm_config_fetch_retry_mintimeout: '1000',
  npm_config_fetch_retry_maxtimeout: '1000',
};

/** mongosh and all that it needs, each at one version with its checksum. */
const lock = join(packageRoot, 'assets', 'mongosh');

/**
 * Installs mongosh into `folder` with npm, from a lock file that pins every package by its checksum, and runs no
 * package's scripts. Without the optional packages: they are native (client-side encryption, Kerberos), are built by
 * such scripts, and no lesson needs them. Throws `download-failed`, `npm-missing`.
 */
export async function obtainMongosh(folder: string, obtaining: Obtaining): Promise<void> {
  // Under npx and npm run, npm says where it is itself; PATH may hold another or none.
  const own = obtaining.env.npm_execpath;
  const [file, ...before] = own?.endsWith('npm-cli.js') ? [process.execPath, own] : ['npm'];
  for (const name of ['package.json', 'package-lock.json'])
    await copyFile(join(lock, name), join(folder, name));
  const options = [
    '--omit=optional',
    '--ignore-scripts',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    '--prefix',
    folder,
  ];
  obtaining.report('downloading', { detail: `npm ci, mongosh ${mongoshVersion}` });
  const { exitCode, stderr, code } = await runTool(file, [...before, 'ci', ...options], {
    cwd: folder,
    env: { ...patience, ...obtaining.env },
    signal: obtaining.signal,
  });
  if (exitCode === 0) return;
  if (code === 'ENOENT') {
    throw new Problem('npm-missing', 'Fetching mongosh needs npm, and there is none on PATH.', {
      remedy: 'Install npm, or mongosh itself: https://www.mongodb.com/docs/mongodb-shell/install/',
    });
  }
  if (/ENOSPC/.test(stderr)) throw Object.assign(new Error(stderr), { code: 'ENOSPC' });
  throw new Problem(
    'download-failed',
    `mongosh ${mongoshVersion} could not be fetched: npm says: ${stderr.trim()}`,
    {
      remedy: 'Check the network, or install mongosh: https://www.mongodb.com/docs/mongodb-shell/install/',
    },
  );
}
