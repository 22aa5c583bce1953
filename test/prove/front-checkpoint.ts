import { cp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { TestLab } from '../e2e/support/test-lab.js';
import type { Start } from './start.js';

/**
 * Keeps what lessons on what stands before the database change: the Redis servers, the learner's files, and what was
 * seen of his lesson. The databases go on running as they are: of them such lessons change prices and orders only.
 */
export async function takeFrontCheckpoint({ home, lab, grader }: TestLab): Promise<Start> {
  const copy = `${home.root}.front`;
  const services = (lab.runtime.stack()?.services ?? []).filter(({ program }) =>
    ['redis-server', 'node'].includes(program),
  );
  const folders = services.filter(({ program }) => program === 'redis-server').map(({ name }) => name);
  const kept = [
    ...folders.map((name) => ({ from: join(home.data, name), to: join(copy, name) })),
    { from: home.workspace, to: join(copy, 'workspace') },
    { from: home.progress, to: join(copy, 'progress.json') },
  ];
  const restart = async (between: () => Promise<void>): Promise<void> => {
    const live = (await lab.runtime.services()).filter(({ state }) => ['running', 'paused'].includes(state));
    const names = services.map(({ name }) => name);
    for (const { name } of live) if (names.includes(name)) await lab.runtime.kill(name);
    await between();
    await lab.up(lab.stage() as string, () => {});
    await grader.observe();
  };

  await rm(copy, { recursive: true, force: true });
  await mkdir(copy, { recursive: true });
  await restart(async () => {
    for (const { from, to } of kept) await cp(from, to, { recursive: true });
  });
  return {
    restore: () =>
      restart(async () => {
        for (const { from, to } of kept) {
          await rm(from, { recursive: true, force: true });
          await cp(to, from, { recursive: true });
        }
      }),
    discard: () => rm(copy, { recursive: true, force: true }),
  };
}
