import { setTimeout as delay } from 'node:timers/promises';
import { packageVersion } from '../../package.js';
import { Problem } from '../../problem.js';
import type { Lab } from '../lab.js';
import { replaceLabRecord } from '../lab-record.js';
import { openClients } from '../observe/clients.js';
import type { FileEvent, Invocation, UpEvent } from '../runtime.js';
import { type KeptFile, restoreWorkspace } from '../workspace/workspace.js';
import { startAgent } from './agent-process.js';
import { withCheckpointLock } from './checkpoint-lock.js';
import { forgetRestore, noteRestore } from './interrupted.js';
import { type Content, type Manifest, misfit } from './manifest.js';
import { objectPath } from './objects.js';
import { writeKeys } from './redis-keys.js';
import { damagedProblem, objectsFolder, readContent } from './store.js';
import { findDamage } from './tree.js';

interface RestoreOptions {
  readonly onProgress: (event: UpEvent | FileEvent) => void;
  readonly signal?: AbortSignal | undefined;
  /** Told when the data is in its place, before any server starts on it: what is kept elsewhere of the lab changes too. */
  readonly onReplaced?: ((content: Content) => Promise<void>) | undefined;
}

/** Milliseconds that another process may be at work on the checkpoints. */
const patience = 30_000;
/** Milliseconds that a Redis Cluster may take to find itself after a start. */
const clusterWithin = 10_000;

/**
 * Brings the lab to the state of a checkpoint, and its servers up. Everything is verified before anything is changed.
 * The lab that was there is thrown away, so its servers need not end well; files of the learner's are kept beside.
 * Throws `checkpoint-misfit`, `checkpoint-damaged`, and what `up` throws.
 */
export async function restoreCheckpoint(
  lab: Lab,
  manifest: Manifest,
  options: RestoreOptions,
): Promise<Content> {
  const { home } = lab;
  const { onProgress, signal } = options;
  const reason = await whyUnfit(lab, manifest);
  if (reason !== undefined) {
    throw new Problem('checkpoint-misfit', `The checkpoint ${manifest.name} does not fit: ${reason}.`, {
      remedy: `mongo-scale-course goto ${manifest.lesson} brings you to its lesson without it.`,
    });
  }
  // Locked, so that no other process makes room by removing what is copied here.
  const locking = { purpose: `restoring ${manifest.name}`, patience, signal };
  const content = await withCheckpointLock(home, locking, () => replaceData(lab, manifest, options));
  signal?.throwIfAborted();
  await lab.up(manifest.stage, onProgress, signal, { prefer: manifest.primaries });
  await refill(lab, content, signal);
  return content;
}

/** Verifies the checkpoint, then puts its data and files in the place of what is there. Nothing runs afterwards. */
async function replaceData(
  lab: Lab,
  manifest: Manifest,
  { onProgress, signal, onReplaced }: RestoreOptions,
): Promise<Content> {
  const { home, runtime } = lab;
  const objects = objectsFolder(home);
  const content = readContent(home, manifest);
  const damaged = await findDamage([...content.data, ...content.workspace], objects, signal);
  if (damaged !== undefined)
    throw damagedProblem(manifest.name, `${damaged} is missing or not what was kept`);

  // What the stage runs is fetched while the old lab is still there.
  await lab.fetch([manifest.stage], onProgress, signal);
  noteRestore(home);
  await lab.clear(onProgress).catch((cause: unknown) => {
    // The data is still what it was.
    forgetRestore(home);
    throw cause;
  });
  // From here on there is no way back but on: an abort would leave data that is neither the old nor the new.
  for (const { file, kept } of restoreWorkspace(home, filesOf(content, objects)))
    onProgress({ kind: 'file', file, became: 'restored', kept });
  await lab.prepare(manifest.stage);
  await writeData(await runtime.dataAgent('write', objects), content);
  await replaceLabRecord(home, manifest);
  await onReplaced?.(content);
  forgetRestore(home);
  return content;
}

/** Why a checkpoint cannot be restored on this machine, in this lab; undefined where it can. */
export async function whyUnfit(lab: Lab, manifest: Manifest): Promise<string | undefined> {
  const place = { course: packageVersion(), runtime: lab.runtime.kind, portOffset: lab.portOffset };
  return (
    misfit(manifest, { ...place, runs: {} }) ??
    misfit(manifest, { ...place, runs: await lab.wouldRun(manifest.stage) })
  );
}

async function writeData(invocation: Invocation, { data }: Content): Promise<void> {
  const agent = startAgent(invocation);
  try {
    await agent.ask(JSON.stringify({ tree: data }));
  } finally {
    agent.close();
  }
}

function filesOf({ workspace }: Content, objects: string): readonly KeptFile[] {
  return workspace.flatMap((entry) =>
    entry.kind === 'file' ? [{ file: entry.path, from: objectPath(objects, entry.sha256) }] : [],
  );
}

/** Puts back what the Redis servers held, which is in no file. */
async function refill({ runtime }: Lab, { redis }: Content, signal?: AbortSignal): Promise<void> {
  if (Object.keys(redis).length === 0) return;
  const clients = openClients(runtime);
  try {
    for (const [service, keys] of Object.entries(redis)) {
      const client = await clients.redis(service);
      const end = Date.now() + clusterWithin;
      // A node refuses keys until its cluster has found itself.
      while ((await client.info('cluster')).includes('cluster_enabled:1') && Date.now() < end) {
        if (String(await client.cluster('INFO')).includes('cluster_state:ok')) break;
        await delay(50, undefined, { signal });
      }
      await writeKeys(client, keys);
    }
  } finally {
    await clients.close();
  }
}
