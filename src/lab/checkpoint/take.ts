import type { Home } from '../../home.js';
import { ensureFolder } from '../../machine/ensure-folder.js';
import { packageVersion } from '../../package.js';
import { Problem } from '../../problem.js';
import type { Stack } from '../compose/service.js';
import type { Lab } from '../lab.js';
import { type Clients, openClients } from '../observe/clients.js';
import { hello } from '../observe/hello.js';
import type { ServiceStatus } from '../runtime.js';
import { startAgent } from './agent-process.js';
import { withCheckpointLock } from './checkpoint-lock.js';
import { forgetHold, noteHold } from './interrupted.js';
import { type Content, type Manifest, manifestFormat } from './manifest.js';
import { storeText } from './objects.js';
import { prepareToHold, type Quiescing } from './quiesce.js';
import { endBrokenHold } from './recover.js';
import { readKeys } from './redis-keys.js';
import {
  addManifest,
  contentIfSound,
  diskBudget,
  keepWithinBudget,
  objectsFolder,
  readShelf,
  sweepObjects,
} from './store.js';
import { captureTree, knownOf, type Tree } from './tree.js';

/** The part of a manifest that the caller of `takeCheckpoint` supplies. */
export type Occasion = Pick<Manifest, 'name' | 'kind' | 'lesson' | 'atStart' | 'basis' | 'passed'> &
  Pick<Content, 'progress'>;

/** Milliseconds that another process may be at work on the checkpoints. */
const patience = 30_000;

/**
 * Keeps the lab as it is now. Its servers run on; their writes wait while the last files are copied (some tens of
 * milliseconds, `npm run bench -- goto`). Throws `lab-not-whole` where a server does not run, and
 * `lab-changed` where one was started or ended meanwhile.
 * @param isStill whether the occasion is still what it was, asked when everything is copied
 */
export async function takeCheckpoint(
  lab: Lab,
  occasion: Occasion,
  signal?: AbortSignal,
  isStill?: () => boolean,
): Promise<Manifest> {
  return withCheckpointLock(lab.home, { purpose: `taking ${occasion.name}`, patience, signal }, async () => {
    // A take that was killed may have left servers locked.
    await endBrokenHold(lab);
    try {
      const manifest = await capture(lab, occasion, signal);
      if (isStill && !isStill()) throw changed();
      addManifest(lab.home, manifest);
      await keepWithinBudget(lab.home, diskBudget(), manifest.name);
      return manifest;
    } catch (cause) {
      await sweepObjects(lab.home);
      throw cause;
    }
  });
}

async function capture(lab: Lab, occasion: Occasion, signal?: AbortSignal): Promise<Manifest> {
  const { home, runtime } = lab;
  const stack = runtime.stack();
  const before = await runtime.services();
  demandWhole(stack, before);
  const objects = objectsFolder(home);
  ensureFolder(objects);
  const mongods = stack.services.filter(({ program }) => program === 'mongod').map(({ name }) => name);
  const clients = openClients(runtime);
  const agent = startAgent(await runtime.dataAgent('capture', objects), signal);
  try {
    const latest = readShelf(home).manifests.at(-1);
    const seen = (latest && contentIfSound(home, latest)?.data) ?? [];
    const [quiescing, redis, primaries] = await Promise.all([
      prepareToHold(runtime, mongods),
      keysOf(stack, clients),
      primariesOf(mongods, clients),
    ]);
    try {
      await agent.ask(JSON.stringify({ known: seen }));
      const { tree } = await whileHeld(home, quiescing, () => agent.ask<{ tree: Tree }>('seal'));
      await agent.ask('tidy');
      demandUnchanged(before, await runtime.services());
      const { progress, ...occasionOnly } = occasion;
      const content: Content = {
        data: [...tree],
        workspace: captureWorkspace(home.workspace, objects),
        redis,
        progress,
      };
      return {
        format: manifestFormat,
        ...occasionOnly,
        takenAt: new Date().toISOString(),
        course: packageVersion(),
        stage: stack.stage,
        runtime: runtime.kind,
        portOffset: lab.portOffset,
        services: Object.fromEntries(
          stack.services.map((service) => [
            service.name,
            {
              runs: runsOf(service.name, stack, before, runtime.kind),
              address: runtime.peerAddress(service.name),
            },
          ]),
        ),
        primaries,
        content: storeText(JSON.stringify(content), objects),
      };
    } finally {
      await quiescing.close();
    }
  } finally {
    agent.close();
    await clients.close();
  }
}

/** Copies while no server writes. A note on the disk tells the next command to let them go, should this process die. */
async function whileHeld<T>(home: Home, quiescing: Quiescing, copy: () => Promise<T>): Promise<T> {
  noteHold(home);
  const held = await quiescing.hold().catch((cause: unknown) => {
    forgetHold(home);
    throw cause;
  });
  try {
    return await copy();
  } finally {
    await held.release();
    forgetHold(home);
  }
}

function demandWhole(stack: Stack | undefined, services: readonly ServiceStatus[]): asserts stack is Stack {
  const down = services.find(({ state, leftOut }) => state !== 'running' && leftOut === undefined);
  if (stack && !down) return;
  const why = down ? `${down.name} does not run` : 'no stage is up';
  throw new Problem('lab-not-whole', `A checkpoint is of a lab that runs as a whole, and ${why}.`, {
    remedy: 'Bring it up: mongo-scale-course up',
  });
}

function demandUnchanged(before: readonly ServiceStatus[], after: readonly ServiceStatus[]): void {
  const key = (services: readonly ServiceStatus[]) =>
    services.map(({ name, state, since, pid }) => [name, state, since, pid].join()).join();
  if (key(before) !== key(after)) throw changed();
}

function changed(): Problem {
  return new Problem('lab-changed', 'The lab was changed while the checkpoint was taken.', {
    remedy: 'Take it again when the change is done: mongo-scale-course checkpoint save NAME',
  });
}

/** What the data was written by. A container's program has the series of its image. */
function runsOf(
  name: string,
  { services }: Stack,
  statuses: readonly ServiceStatus[],
  kind: Manifest['runtime'],
): string {
  const service = services.find((one) => one.name === name);
  if (kind === 'docker') return service?.image ?? '';
  return statuses.find((one) => one.name === name)?.runs ?? service?.program ?? '';
}

async function primariesOf(mongods: readonly string[], clients: Clients): Promise<string[]> {
  const replies = await Promise.all(
    mongods.map(async (name) => hello(await clients.mongo(name).db('admin').command({ hello: 1 })).view),
  );
  return mongods.filter((_, index) => replies[index]?.role === 'primary');
}

async function keysOf({ services }: Stack, clients: Clients): Promise<Content['redis']> {
  const redises = services.filter(({ program }) => program === 'redis-server');
  const entries = await Promise.all(
    redises.map(async ({ name }) => {
      const redis = await clients.redis(name);
      if (!(await redis.info('replication')).includes('role:master')) return [];
      const keys = await readKeys(redis);
      return keys === undefined || keys.length === 0 ? [] : [[name, keys] as const];
    }),
  );
  return Object.fromEntries(entries.flat());
}

/** The learner's files, without copies that were kept beside them and logs of servers. */
function captureWorkspace(workspace: string, objects: string): Content['workspace'] {
  const tree = captureTree(workspace, objects, knownOf([]));
  return tree.filter(({ path }) => !/\.kept-\d+$|\.log$/.test(path));
}
