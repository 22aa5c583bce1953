import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MongoClient } from 'mongodb';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { openCourseLab } from '../../src/course-lab.js';
import { resolveHome } from '../../src/home.js';
import type { Lab } from '../../src/lab/lab.js';
import { startingSource } from '../../src/lab/workspace/workspace.js';
import { composeWith } from '../../src/lesson/probes/compose-services.js';
import { addedShard, repairComposeFile } from '../../src/replay/goto-compose.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-goto-compose-'));
afterAll(() => rmSync(folder, { recursive: true }));
const home = resolveHome(folder);
const file = join(home.workspace, 'compose.yaml');
const course = startingSource('compose.yaml');
const shard3a = `  shard3a:
    <<: *mongo
    command: mongod --shardsvr --replSet shard3 --port 27131 --bind_ip_all --dbpath /data/db
    ports: ["127.0.0.1:27131:27131"]
    volumes:
      - shard3a:/data/db
`;
const finished = composeWith(shard3a, 'shard3a');
const broken = finished.replace('--shardsvr --replSet shard3', '--replSet shard3');

beforeEach(() => {
  rmSync(home.workspace, { recursive: true, force: true });
  mkdirSync(home.workspace);
});

const labAt = (stage: string | undefined): Lab => ({ home, portOffset: 600, stage: () => stage }) as Lab;
const content = () => readFileSync(file, 'utf8');

describe('the learner’s own compose file, before the lab is led to a lesson', () => {
  test.each([
    ['one that he finished, with no lab', finished, undefined],
    ['one that he finished, with a lab of a stage before', finished, 'single-node'],
    ['a broken one, with no lab', broken, undefined],
    ['a broken one, with a lab of its stage', broken, 'sharding'],
    ['one that is no YAML, with a lab of a later stage', 'services: [', 'replication'],
    ['one with an alias of nothing', finished.replace(/<<: \*mongo\n(.*27131)/, '<<: *mong\n$1'), 'sharding'],
    ['one with ports too high for the offset', finished.replaceAll('27131', '65500'), 'sharding'],
  ])('is brought back: %s', async (_, text, stage) => {
    writeFileSync(file, text);
    const kept = `${file}.kept-1`;
    expect(await repairComposeFile(labAt(stage))).toEqual({
      kind: 'file',
      file: 'compose.yaml',
      became: 'restored',
      kept,
    });
    expect(content()).toBe(course);
    expect(readFileSync(kept, 'utf8')).toBe(text);
    // Now it is the course's: there is nothing to tell.
    expect(await repairComposeFile(labAt(stage))).toBeUndefined();
  });

  test('is left alone where his lab runs by it', async () => {
    writeFileSync(file, finished);
    expect(await repairComposeFile(labAt('sharding'))).toBeUndefined();
    expect(content()).toBe(finished);
  });

  test('is not made where there is none', async () => {
    expect(await repairComposeFile(labAt(undefined))).toBeUndefined();
    expect(content).toThrow(/ENOENT/);
  });
});

test('a folder of that name is told, with the way out', async () => {
  mkdirSync(file);
  const told = { code: 'home-damaged', remedy: expect.stringContaining('Move it away') };
  await expect(repairComposeFile(labAt('sharding'))).rejects.toMatchObject(told);
  await expect(repairComposeFile(labAt(undefined))).rejects.toMatchObject(told);
});

test('a lesson can be read whatever is in the file, and what comes up is refused with the way back', async () => {
  const lab = await openCourseLab(home, { runtime: 'local' });
  writeFileSync(file, broken);
  expect((await lab.places('sharding')).address('shard2a')).toBe('127.0.0.1:27121');
  await expect(lab.up('sharding', () => {})).rejects.toMatchObject({
    code: 'compose-invalid',
    message: expect.stringContaining('services.shard3a.command'),
    remedy: expect.stringContaining('mongo-scale-course reset compose.yaml'),
  });
});

test('a shard that the learner has taken in is told from those of the stage', async () => {
  const clusterOf = (...ids: readonly string[]) => {
    const find = () => ({ toArray: async () => ids.map((_id) => ({ _id })) });
    return { mongo: () => ({ db: () => ({ collection: () => ({ find }) }) }) as unknown as MongoClient };
  };
  expect(await addedShard(clusterOf('shard1', 'shard2'))).toBeUndefined();
  expect(await addedShard(clusterOf())).toBeUndefined();
  expect(await addedShard(clusterOf('shard1', 'shard2', 'shard3'))).toBe('shard3');
});
