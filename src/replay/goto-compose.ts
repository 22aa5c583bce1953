import { existsSync } from 'node:fs';
import { stageIds } from '../course/types.js';
import { readStack } from '../lab/compose/stack.js';
import { startedForSet } from '../lab/compose/tier.js';
import type { Lab } from '../lab/lab.js';
import type { FileEvent } from '../lab/runtime.js';
import { isBrokenFile, ownCompose, ownComposePath, readOwnStack } from '../lab/workspace/learner-compose.js';
import { startingSource, writeWorkspaceFile } from '../lab/workspace/workspace.js';
import type { LabView } from '../lesson/lab-view.js';
import { dropped } from '../machine/debug-log.js';

/** Milliseconds in which a router says what shards there are; one that does not has taken none in. */
const patience = 3_000;

/**
 * Brings the learner's own compose file back as the course gives it, where he has one. Returns what to tell him: where
 * what he had written is kept; undefined where there was nothing of his in it.
 */
export function restoreCompose({ home }: Pick<Lab, 'home'>): FileEvent | undefined {
  if (!existsSync(ownComposePath(home))) return undefined;
  const { file } = ownCompose;
  const kept = writeWorkspaceFile(home, file, startingSource(file));
  return kept === undefined ? undefined : { kind: 'file', file, became: 'restored', kept };
}

/**
 * The same where the file would be in the way: no stage could come up with one that is broken, and what was added to an
 * earlier lab does not belong to one that has yet to come to that stage.
 */
export async function repairComposeFile(lab: Lab): Promise<FileEvent | undefined> {
  const stage = lab.stage();
  const order: readonly string[] = stageIds;
  const cameThere = stage !== undefined && order.indexOf(stage) >= order.indexOf(ownCompose.stage);
  return cameThere && (await isSound(lab)) ? undefined : restoreCompose(lab);
}

async function isSound({ home, portOffset }: Lab): Promise<boolean> {
  try {
    await readOwnStack(home, ownCompose.stage, { portOffset });
    return true;
  } catch (cause) {
    if (isBrokenFile(cause)) return false;
    throw cause;
  }
}

/** A shard of the cluster that its stage has not by itself: what lessons measure on two would be measured on three. */
export async function addedShard({ mongo }: Pick<LabView, 'mongo'>): Promise<string | undefined> {
  const own = readStack(ownCompose.stage).services.map(startedForSet);
  const shards = await mongo('router1')
    .db('config')
    .collection<{ _id: string }>('shards')
    .find({}, { signal: AbortSignal.timeout(patience) })
    .toArray()
    .catch((error) => dropped(error) ?? []);
  return shards.find(({ _id }) => !own.includes(_id))?._id;
}
