import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { readProgress, updateProgress } from '../../src/course/progress.js';
import { examPlaces } from '../../src/exam/places.js';
import { stopExam } from '../../src/exam/stop.js';
import { undoFaults } from '../../src/lab/faults/undo-faults.js';
import { openClients } from '../../src/lab/observe/clients.js';
import { trafficPlaces } from '../../src/shop/traffic/places.js';
import { stopTraffic } from '../../src/shop/traffic/stop.js';
import type { TestLab } from '../e2e/support/test-lab.js';
import type { Start } from './start.js';

/** Keys of the registry that no shop ends. */
const registry = 'traefik/*';

/**
 * Keeps the start of a lesson in a lab whose lessons only touch what stands before the database: the learner's files, the
 * registry, which servers run, what was seen so far. In milliseconds, because no server that runs is stopped.
 */
export async function takeDoorCheckpoint({ home, lab }: TestLab): Promise<Start> {
  const files = await textsIn(home.workspace);
  const progress = readProgress(home.progress);
  return {
    async restore() {
      await stopExam(home);
      await stopTraffic(home, { within: 2_000 });
      await rm(examPlaces(home).report, { force: true });
      await rm(trafficPlaces(home).report, { force: true });
      await undoFaults(lab.runtime);
      const edgeAnew = await putBack(files);
      await emptyRegistry({ lab });
      if (edgeAnew && existsSync(join(home.workspace, 'edge'))) {
        await lab.runtime.stop('edge');
        await lab.runtime.start('edge');
      }
      await updateProgress(home.progress, () => ({ ...progress }));
    },
    discard: async () => undefined,
  };
}

async function textsIn(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.log'))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(path, 'utf8')] as const)));
}

/**
 * Whole, as the course writes them: a gateway that reads a file while it is empty has no rules, and turns customers away
 * for half a second. Says whether the edge's rules were changed.
 */
async function putBack(files: ReadonlyMap<string, string>): Promise<boolean> {
  let edge = false;
  for (const [path, text] of files) {
    if ((await readFile(path, 'utf8').catch(() => undefined)) === text) continue;
    await writeFileAtomic(path, text);
    edge ||= path.endsWith('cache.conf');
  }
  return edge;
}

async function emptyRegistry({ lab }: Pick<TestLab, 'lab'>): Promise<void> {
  const clients = openClients(lab.runtime);
  try {
    const redis = await clients.redis('redis');
    const keys = await redis.keys(registry);
    if (keys.length > 0) await redis.del(...keys);
  } finally {
    await clients.close();
  }
}
