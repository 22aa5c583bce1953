import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { MongoClient } from 'mongodb';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { findLesson } from '../../src/course/catalog.js';
import { readProgress } from '../../src/course/progress.js';
import type { Manifest } from '../../src/lab/checkpoint/manifest.js';
import { objectPath } from '../../src/lab/checkpoint/objects.js';
import { restoreCheckpoint } from '../../src/lab/checkpoint/restore.js';
import {
  addManifest,
  findCheckpoint,
  objectsFolder,
  readContent,
  readShelf,
  usedBytes,
} from '../../src/lab/checkpoint/store.js';
import { takeCheckpoint } from '../../src/lab/checkpoint/take.js';
import { type Clients, openClients } from '../../src/lab/observe/clients.js';
import type { GotoEvent } from '../../src/replay/goto-event.js';
import { lookOnce } from '../../src/replay/solve.js';
import { portOffsetFor } from '../support/ports.js';
import { goToLesson, openTestLab, type TestLab } from './support/test-lab.js';

const portOffset = await portOffsetFor('checkpoints');
const quiet = { onProgress: () => {} };

let testLab: TestLab;
let clients: Clients;
beforeAll(async () => {
  testLab = await openTestLab(portOffset);
  clients = openClients(testLab.lab.runtime);
});
afterAll(async () => {
  await clients?.close();
  await testLab?.close();
});
afterEach(() => {
  vi.unstubAllEnvs();
});

function take(name: string, kind: Manifest['kind'] = 'saved'): Promise<Manifest> {
  const occasion = { name, kind, lesson: 'sharding/config-server', atStart: false, basis: '' };
  return takeCheckpoint(testLab.lab, { ...occasion, passed: [...testLab.lab.passed()], progress: {} });
}

const go = (id: string) => goToLesson(testLab, id);

const typed = (events: readonly GotoEvent[]) =>
  events.flatMap((event) => (event.kind === 'replay' && event.phase === 'typing' ? [event.lesson] : []));
const restored = (events: readonly GotoEvent[]) =>
  events.flatMap((event) => (event.kind === 'restore' ? [event.lesson] : []));

/** Writes 1, 2, 3, … into two collections by turns, each when the one before is acknowledged. */
function startWriting(client: MongoClient) {
  const stop = new AbortController();
  const slowest = { milliseconds: 0, written: 0 };
  const ended = (async () => {
    while (!stop.signal.aborted) {
      const begun = performance.now();
      const collection = slowest.written % 2 === 0 ? 'even' : 'odd';
      await client.db('running').collection<{ _id: number }>(collection).insertOne({ _id: slowest.written });
      slowest.written += 1;
      slowest.milliseconds = Math.max(slowest.milliseconds, performance.now() - begun);
    }
  })();
  return {
    slowest,
    async stop() {
      stop.abort();
      await ended;
    },
  };
}

async function numbers(client: MongoClient): Promise<readonly number[]> {
  const of = (name: string) => client.db('running').collection<{ _id: number }>(name).find().toArray();
  return [...(await of('even')), ...(await of('odd'))].map(({ _id }) => _id).sort((a, b) => a - b);
}

describe('a checkpoint of a lab that is written to', () => {
  test('is of one moment, and the servers run on', async () => {
    const { lab } = testLab;
    await lab.up('sharding', () => {});
    const mongo = clients.mongo('shard1a');
    await mongo.db('admin').command({
      replSetInitiate: { _id: 'shard1', members: [{ _id: 0, host: lab.runtime.peerAddress('shard1a') }] },
    });
    await expect
      .poll(async () => (await mongo.db('admin').command({ hello: 1 })).isWritablePrimary, {
        timeout: 20_000,
      })
      .toBe(true);
    const before = (await lab.runtime.services()).map(({ name, pid }) => [name, pid]);
    const writing = startWriting(mongo);
    await expect.poll(() => writing.slowest.written).toBeGreaterThan(20);
    const writtenBefore = writing.slowest.written;
    await take('written-to');
    const writtenAfter = writing.slowest.written;
    await writing.stop();
    expect((await lab.runtime.services()).map(({ name, pid }) => [name, pid])).toEqual(before);

    await restoreCheckpoint(lab, findCheckpoint(testLab.home, 'written-to'), quiet);
    await expect
      .poll(
        async () => (await clients.mongo('shard1a').db('admin').command({ hello: 1 })).isWritablePrimary,
        {
          timeout: 20_000,
        },
      )
      .toBe(true);
    const kept = await numbers(clients.mongo('shard1a'));
    expect(kept).toEqual(kept.map((_, index) => index));
    expect(kept.length).toBeGreaterThanOrEqual(writtenBefore);
    expect(kept.length).toBeLessThanOrEqual(writtenAfter + 1);
  });

  test('is refused while a server does not run, and leaves nothing behind', async () => {
    const { lab, home } = testLab;
    const before = usedBytes(home);
    await lab.runtime.stop('shard2a');
    await expect(take('not-whole')).rejects.toMatchObject({ code: 'lab-not-whole' });
    await lab.runtime.start('shard2a');
    expect(readShelf(home).manifests.map(({ name }) => name)).not.toContain('not-whole');
    expect(usedBytes(home)).toBe(before);
  });
});

describe('restoring', () => {
  test('keeps what the learner has written since beside it', async () => {
    const { lab, home } = testLab;
    const file = join(home.workspace, 'compose.yaml');
    const text = readFileSync(join(process.cwd(), 'compose', 'sharding.yaml'), 'utf8');
    mkdirSync(home.workspace, { recursive: true });
    writeFileSync(file, `${text}# as it was\n`);
    await take('with-a-file');
    writeFileSync(file, `${text}# and what was written since\n`);
    await restoreCheckpoint(lab, findCheckpoint(home, 'with-a-file'), quiet);
    expect(readFileSync(file, 'utf8')).toContain('# as it was');
    expect(readFileSync(`${file}.kept-1`, 'utf8')).toContain('# and what was written since');
  });

  test.each([
    ['other ports', { portOffset: portOffset + 1 }, 'checkpoint-misfit', 'offset'],
    ['the other runtime', { runtime: 'docker' }, 'checkpoint-misfit', 'docker runtime'],
    ['a newer course', { course: '99.0.0' }, 'checkpoint-misfit', '99.0.0'],
    [
      'another series of MongoDB',
      { services: { shard1a: { runs: 'mongod 7.0.2', address: '' } } },
      'checkpoint-misfit',
      'mongod 7.0.2',
    ],
    ['a list of files that is gone', { content: 'f'.repeat(64) }, 'checkpoint-damaged', 'missing'],
  ] as const)('refuses a checkpoint of %s and leaves the lab alone', async (_, change, code, reason) => {
    const { lab, home } = testLab;
    const manifest = findCheckpoint(home, 'written-to');
    addManifest(home, { ...manifest, ...change, name: 'changed' });
    const before = (await lab.runtime.services()).map(({ name, pid }) => [name, pid]);
    const refusal = restoreCheckpoint(lab, findCheckpoint(home, 'changed'), quiet);
    await expect(refusal).rejects.toMatchObject({ code, message: expect.stringContaining(reason) });
    expect((await lab.runtime.services()).map(({ name, pid }) => [name, pid])).toEqual(before);
  });

  test('refuses a checkpoint with an edited file and leaves the lab alone', async () => {
    const { lab, home } = testLab;
    const manifest = findCheckpoint(home, 'written-to');
    const [file] = readContent(home, manifest).data.flatMap((entry) =>
      entry.kind === 'file' ? [entry] : [],
    );
    const object = objectPath(objectsFolder(home), file?.sha256 ?? '');
    const before = readFileSync(object);
    writeFileSync(object, Buffer.concat([Buffer.from([1 + (before[0] ?? 0)]), before.subarray(1)]));
    const pids = (await lab.runtime.services()).map(({ pid }) => pid);
    await expect(restoreCheckpoint(lab, manifest, quiet)).rejects.toMatchObject({
      code: 'checkpoint-damaged',
    });
    expect((await lab.runtime.services()).map(({ pid }) => pid)).toEqual(pids);
    writeFileSync(object, before);
  });
});

test('the oldest that the course took goes when there is no room, and never a saved one', async () => {
  const { home } = testLab;
  await take('first', 'auto');
  await take('second', 'auto');
  vi.stubEnv('MSC_CHECKPOINTS', '0.001');
  await take('third', 'auto');
  const names = readShelf(home).manifests.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['written-to', 'with-a-file', 'third']));
  expect(names).not.toContain('first');
  expect(names).not.toContain('second');
});

describe('goto', () => {
  test('replays on the first way, and restores on the second', async () => {
    const { lab, home } = testLab;
    await lab.down({ purge: true, checkpoints: true });
    expect(existsSync(home.checkpoints)).toBe(false);
    expect(typed(await go('sharding/config-server'))).toEqual([
      'single-node/first-mongod',
      'single-node/load-the-shop',
    ]);
    expect(typed(await go('sharding/shard-sets'))).toEqual(['sharding/config-server']);

    const back = await go('single-node/compound-index');
    expect([restored(back), typed(back)]).toEqual([['single-node/read-a-plan'], []]);
    const forward = await go('sharding/shard-sets');
    expect([restored(forward), typed(forward)]).toEqual([['sharding/shard-sets'], []]);
    const { grader, catalog } = testLab;
    const target = findLesson(catalog, 'sharding/shard-sets');
    const { checks } = await lookOnce(grader, target);
    expect(checks.map(({ state }) => state)).not.toContain('error');
    expect(readProgress(home.progress).current).toBe('sharding/shard-sets');
  });

  test('types the solutions where the checkpoint is damaged, and says so', async () => {
    const { home } = testLab;
    const { manifests } = readShelf(home);
    for (const manifest of manifests) addManifest(home, { ...manifest, content: 'f'.repeat(64) });
    const events = await go('single-node/load-the-shop');
    expect(typed(events)).toEqual(['single-node/first-mongod']);
    const unusable = events.flatMap((event) => (event.kind === 'unusable' ? [event.problem.code] : []));
    expect(unusable).toContain('checkpoint-damaged');
  });

  test('does not go on from a checkpoint of another course', async () => {
    const { home } = testLab;
    for (const manifest of readShelf(home).manifests) addManifest(home, { ...manifest, basis: 'another' });
    expect(restored(await go('single-node/first-mongod'))).toEqual([]);
  });
});
