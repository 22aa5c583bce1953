import { Problem } from '../../problem.js';
import type { Obtaining } from './obtain.js';

/** The version of the npm package `mongosh` that is fetched where PATH has none. */
export const mongoshVersion = '2.12.0';

/** Where mongosh is in a folder that `obtainMongosh` has filled. */
export const mongoshScript = ['node_modules', 'mongosh', 'bin', 'mongosh.js'] as const;

/** Installs mongosh into `folder` with npm, running no package's scripts. Throws `download-failed`, `npm-missing`. */
export async function obtainMongosh(folder: string, obtaining: Obtaining): Promise<void> {
  const { execa } = await import('execa');
  // Under npx and npm run, npm says where it is itself; PATH may hold another or none.
  const own = obtaining.env.npm_execpath;
  const [file, ...before] = own?.endsWith('npm-cli.js') ? [process.execPath, own] : ['npm'];
  const options = [
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--no-save',
    '--loglevel=error',
    '--prefix',
    folder,
  ];
  obtaining.report('downloading', { detail: `npm install mongosh@${mongoshVersion}` });
  const { exitCode, stderr, code } = await execa(
    file,
    [...before, 'install', `mongosh@${mongoshVersion}`, ...options],
    {
      cwd: folder,
      env: obtaining.env,
      extendEnv: false,
      reject: false,
      ...(obtaining.signal ? { cancelSignal: obtaining.signal } : {}),
    },
  );
  obtaining.signal?.throwIfAborted();
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
