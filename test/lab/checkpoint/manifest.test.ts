import { expect, test } from 'vitest';
import {
  type Manifest,
  misfit,
  parseContent,
  parseManifest,
  writeManifest,
} from '../../../src/lab/checkpoint/manifest.js';

const manifest: Manifest = {
  format: 1,
  name: 'before-sharding',
  kind: 'saved',
  takenAt: '2026-11-30T12:00:00.000Z',
  course: '0.2.0',
  basis: 'b',
  stage: 'sharding',
  lesson: 'sharding/zones',
  atStart: true,
  runtime: 'local',
  portOffset: 0,
  services: { shard1a: { runs: 'mongod 6.0.5', address: '127.0.0.1:27111' } },
  primaries: ['shard1a'],
  passed: [],
  content: 'a'.repeat(64),
};
const here = { course: '0.2.0', runtime: 'local', portOffset: 0, runs: { shard1a: 'mongod 6.0.5' } } as const;

test('reads what it has written', () => {
  expect(parseManifest(writeManifest(manifest))).toEqual(manifest);
});

test.each([
  [
    'an edited one',
    writeManifest(manifest).replace('sharding/zones', 'sharding/reshard'),
    'changed after it was written',
  ],
  [
    'one of a newer form',
    writeManifest({ ...manifest, format: 2 } as unknown as Manifest),
    'newer version of the course',
  ],
  ['one cut off', writeManifest(manifest).slice(0, 100), 'JSON'],
])('refuses %s', (_, source, reason) => {
  expect(() => parseManifest(source)).toThrow(reason);
});

test.each(['../../.ssh/authorized_keys', '/etc/passwd', 'shard1a/../../x', ''])(
  'refuses a content with the path "%s"',
  (path) => {
    const entry = {
      kind: 'file',
      path,
      mode: 384,
      uid: 0,
      gid: 0,
      size: 1,
      sha256: 'a'.repeat(64),
      stamp: '',
    };
    const content = { data: [entry], workspace: [], redis: {}, progress: {} };
    expect(() => parseContent(JSON.stringify(content))).toThrow();
  },
);

test('fits where everything is the same, or another patch of the same series runs', () => {
  expect(misfit(manifest, here)).toBeUndefined();
  expect(misfit(manifest, { ...here, runs: { shard1a: 'mongod 6.0.19' } })).toBeUndefined();
  expect(misfit(manifest, { ...here, course: '0.10.0' })).toBeUndefined();
});

test.each([
  [
    'another series of MongoDB',
    { runs: { shard1a: 'mongod 7.0.2' } },
    'written by mongod 6.0.5, and shard1a runs mongod 7.0.2',
  ],
  ['another port offset', { portOffset: 200 }, 'offset 0, and this lab has offset 200'],
  ['the other runtime', { runtime: 'docker' }, 'taken on the local runtime'],
  ['an older course', { course: '0.1.9' }, 'version 0.2.0 of the course, and this is 0.1.9'],
] as const)('does not fit %s', (_, change, reason) => {
  expect(misfit(manifest, { ...here, ...change })).toContain(reason);
});
