/** Python with PyMongo, for the tests that drive the router as Python programs do. */
import { existsSync } from 'node:fs';
import { execa } from 'execa';
import { obtainOnce } from '../../../src/lab/local/programs/obtain.js';

const version = '4.20.0';

/**
 * The folder to put on PYTHONPATH, filled once in the cache of programs; undefined on a machine where it cannot be had.
 * With `CI` set that is an error: there the test must run.
 */
export async function pymongoFolder(): Promise<string | undefined> {
  try {
    const folder = await obtainOnce(
      `pymongo-${version}`,
      { env: process.env, report: () => {} },
      async (draft) => {
        await execa('python3', ['-m', 'pip', 'install', '--quiet', '--target', draft, `pymongo==${version}`]);
      },
    );
    return existsSync(folder) ? folder : undefined;
  } catch (error) {
    if (process.env.CI) throw error;
    return undefined;
  }
}
