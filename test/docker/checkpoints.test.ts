import { lstatSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { findLesson } from '../../src/course/catalog.js';
import { restoreCheckpoint } from '../../src/lab/checkpoint/restore.js';
import { addManifest, findCheckpoint, readShelf } from '../../src/lab/checkpoint/store.js';
import { openClients } from '../../src/lab/observe/clients.js';
import type { GotoEvent } from '../../src/replay/goto-event.js';
import { lookOnce } from '../../src/replay/solve.js';
import { goToLesson, openTestLab, type TestLab } from '../e2e/support/test-lab.js';
import { portOffsetFor } from '../support/ports.js';

const portOffset = await portOffsetFor('docker-checkpoints');
let testLab: TestLab;
beforeAll(async () => {
  testLab = await openTestLab(portOffset, 'docker');
});
afterAll(() => testLab?.close());

const go = (id: string) => goToLesson(testLab, id);

const kinds = (events: readonly GotoEvent[], kind: GotoEvent['kind']) =>
  events.filter((event) => event.kind === kind);

test('volumes are kept on the way and restored when it is gone back and forth', async () => {
  const { lab, grader, catalog, home } = testLab;
  expect(kinds(await go('sharding/config-server'), 'not-kept')).toEqual([]);
  const back = await go('single-node/read-a-plan');
  expect(kinds(back, 'restore')).toHaveLength(1);
  expect(kinds(back, 'typing')).toEqual([]);
  const clients = openClients(lab.runtime);
  expect(await clients.mongo('shard1a').db('shop').collection('orders').countDocuments()).toBe(50_000);
  await clients.close();

  const forth = await go('sharding/config-server');
  expect(kinds(forth, 'typing')).toEqual([]);
  const { checks } = await lookOnce(grader, findLesson(catalog, 'sharding/config-server'));
  expect(checks.filter(({ state }) => state === 'error' || state === 'pass')).toEqual([]);
  expect(readShelf(home).damaged).toEqual([]);
});

test('the objects belong to the learner, whoever wrote them in a container', () => {
  const { home } = testLab;
  const owners = readdirSync(home.checkpoints, { recursive: true }).map(
    (name) => lstatSync(join(home.checkpoints, String(name))).uid,
  );
  expect(new Set(owners)).toEqual(new Set([process.getuid?.()]));
});

test('no container of a copy is left', async () => {
  const { stdout } = await execa('docker', ['ps', '--all', '--format', '{{.Command}}', '--no-trunc']);
  expect(stdout).not.toContain('/agent.mjs');
});

test('a checkpoint of another image series is refused, and the lab left alone', async () => {
  const { lab, home } = testLab;
  const [first] = readShelf(home).manifests;
  const services = { shard1a: { runs: 'mongo:5.0', address: '' } };
  addManifest(home, { ...(first as NonNullable<typeof first>), name: 'other', services });
  const before = (await lab.runtime.services()).map(({ since }) => since);
  const refusal = restoreCheckpoint(lab, findCheckpoint(home, 'other'), { onProgress: () => {} });
  await expect(refusal).rejects.toMatchObject({ code: 'checkpoint-misfit' });
  expect((await lab.runtime.services()).map(({ since }) => since)).toEqual(before);
});

test('a damaged object is refused before any container ends', async () => {
  const { lab, home } = testLab;
  const sound = readShelf(home).manifests.find(({ name }) => name !== 'other');
  const manifest = findCheckpoint(home, sound?.name ?? '');
  const objects = join(home.checkpoints, 'objects');
  const path = readdirSync(objects, { recursive: true })
    .map((name) => join(objects, String(name)))
    .filter((name) => lstatSync(name).isFile());
  for (const object of path) writeFileSync(object, 'damaged');
  const before = (await lab.runtime.services()).map(({ since }) => since);
  const refusal = restoreCheckpoint(lab, manifest, { onProgress: () => {} });
  await expect(refusal).rejects.toMatchObject({ code: 'checkpoint-damaged' });
  expect((await lab.runtime.services()).map(({ since }) => since)).toEqual(before);
});
