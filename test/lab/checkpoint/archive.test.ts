import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { gunzipSync, gzipSync } from 'node:zlib';
import { Header } from 'tar';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Home, resolveHome } from '../../../src/home.js';
import { exportCheckpoint } from '../../../src/lab/checkpoint/archive.js';
import { importCheckpoint } from '../../../src/lab/checkpoint/archive-import.js';
import {
  type Content,
  type Manifest,
  manifestFormat,
  objectsOf,
  writeManifest,
} from '../../../src/lab/checkpoint/manifest.js';
import { hashText, objectPath, storeFile, storeText } from '../../../src/lab/checkpoint/objects.js';
import { addManifest, findCheckpoint, objectsFolder, readShelf } from '../../../src/lab/checkpoint/store.js';
import { writeTar } from '../../../src/lab/checkpoint/tar-file.js';

let folder: string;
let from: Home;
let to: Home;
let file: string;
let manifest: Manifest;
let content: Content;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'msc-archive-'));
  from = resolveHome(join(folder, 'from'));
  to = resolveHome(join(folder, 'to'));
  file = join(folder, 'exported.tgz');
  content = makeContent(from);
  manifest = addCheckpoint(from, content);
  await exportCheckpoint(from, manifest, file);
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A data file that is mostly empty, and two equal files of the learner's. */
function makeContent(home: Home): Content {
  const sparse = Buffer.alloc(300_000);
  sparse.write('journal', 200_000);
  const journal = store(home, sparse);
  const text = store(home, Buffer.from('module.exports = {}\n'));
  const owner = { uid: 1000, gid: 1000 };
  const one = { kind: 'file' as const, mode: 0o600, ...owner, stamp: '' };
  return {
    data: [
      { kind: 'folder', path: 'shard1a', mode: 0o755, ...owner },
      { ...one, path: 'shard1a/journal', ...journal },
    ],
    workspace: [
      { kind: 'folder', path: 'shop', mode: 0o755, ...owner },
      { ...one, path: 'shop/cache.js', ...text },
      { ...one, path: 'shop/copy.js', ...text },
    ],
    redis: {},
    progress: {},
  };
}

function addCheckpoint(home: Home, has: Content): Manifest {
  const made: Manifest = {
    format: manifestFormat,
    name: 'before-drop',
    kind: 'auto',
    takenAt: '2026-11-30T22:41:53.000Z',
    course: '0.1.0',
    basis: 'basis',
    stage: 'single-node',
    lesson: 'single-node/load-the-shop',
    atStart: false,
    runtime: 'local',
    portOffset: 5200,
    services: { shard1a: { runs: 'mongod 6.0.5', address: '127.0.0.1:32217' } },
    primaries: [],
    passed: [],
    content: storeText(JSON.stringify(has), objectsFolder(home)),
  };
  addManifest(home, made);
  return made;
}

function store(home: Home, content: Buffer): { sha256: string; size: number } {
  const source = join(folder, 'source');
  writeFileSync(source, content);
  const { sha256, size } = storeFile(source, objectsFolder(home));
  return { sha256, size };
}

/** An archive with these entries in place of those that the course writes. */
async function archiveOf(entries: readonly Entry[]): Promise<Buffer> {
  const files = entries.map(([path, bytes]) => ({
    path,
    size: bytes.length,
    content: Readable.from([bytes]),
  }));
  const bytes: Buffer[] = [];
  for await (const chunk of writeTar(Readable.from(files))) bytes.push(chunk);
  return gzipSync(Buffer.concat(bytes));
}

type Entry = readonly [path: string, content: Buffer];

const objectEntries = (): readonly Entry[] =>
  objectsOf(content).map((sha256) => [
    `objects/${sha256}`,
    readFileSync(objectPath(objectsFolder(from), sha256)),
  ]);

/** The first two entries: the manifest, and the list of files. */
const headOf = (change: Partial<Content> = {}, manifestChange: Partial<Manifest> = {}): readonly Entry[] => {
  const list = JSON.stringify({ ...content, ...change });
  const sha256 = hashText(list);
  const text = writeManifest({ ...manifest, ...manifestChange, content: sha256 });
  return [
    ['checkpoint.json', Buffer.from(text)],
    [`objects/${sha256}`, Buffer.from(list)],
  ];
};

/** An archive whose manifest is this text. */
const archiveWith = (text: string): Promise<Buffer> =>
  archiveOf([['checkpoint.json', Buffer.from(text)], ...headOf().slice(1), ...objectEntries()]);

async function expectRefusal(bytes: Buffer, reason: string | RegExp): Promise<void> {
  writeFileSync(file, bytes);
  await expect(importCheckpoint(to, file)).rejects.toMatchObject({
    code: 'checkpoint-refused',
    message: expect.stringMatching(reason),
  });
  expectNothingLeft();
}

function expectNothingLeft(): void {
  expect(readShelf(to)).toEqual({ manifests: [], damaged: [] });
  const left = existsSync(to.checkpoints)
    ? readdirSync(to.checkpoints, { recursive: true, withFileTypes: true }).filter((one) => one.isFile())
    : [];
  expect(left.map(({ name }) => name)).toEqual([]);
}

test('an imported checkpoint is the exported one, saved, with holes where there were holes', async () => {
  const imported = await importCheckpoint(to, file);
  expect(imported).toEqual({ ...manifest, kind: 'saved' });
  expect(findCheckpoint(to, 'before-drop')).toEqual(imported);
  for (const [entry, content] of objectEntries()) {
    const path = objectPath(objectsFolder(to), entry.slice('objects/'.length));
    expect(readFileSync(path).equals(content)).toBe(true);
    if (content.length > 100_000) expect(statSync(path).blocks * 512).toBeLessThan(100_000);
  }
});

test('a name that is taken is refused, and another name can be given', async () => {
  await importCheckpoint(to, file);
  await expect(importCheckpoint(to, file)).rejects.toMatchObject({
    code: 'checkpoint-exists',
    remedy: expect.stringContaining('--name NEW'),
  });
  await importCheckpoint(to, file, { name: 'again' });
  expect(
    readShelf(to)
      .manifests.map(({ name }) => name)
      .sort(),
  ).toEqual(['again', 'before-drop']);
  await expect(importCheckpoint(to, file, { name: '../up' })).rejects.toMatchObject({
    code: 'checkpoint-refused',
  });
});

test('an export replaces no file unless it is told to, and leaves no draft', async () => {
  await expect(exportCheckpoint(from, manifest, file)).rejects.toMatchObject({ code: 'file-exists' });
  await exportCheckpoint(from, manifest, file, { force: true });
  await expect(exportCheckpoint(from, manifest, join(folder, 'no', 'where.tgz'))).rejects.toMatchObject({
    code: 'file-not-written',
  });
  expect(readdirSync(folder).filter((name) => name.includes('draft'))).toEqual([]);
});

test('a checkpoint whose file was changed on the disk is not exported', async () => {
  const [first] = objectEntries();
  const path = objectPath(objectsFolder(from), (first?.[0] ?? '').slice('objects/'.length));
  const content = readFileSync(path);
  content[5] = 1;
  writeFileSync(path, content);
  await expect(exportCheckpoint(from, manifest, join(folder, 'other.tgz'))).rejects.toMatchObject({
    code: 'checkpoint-damaged',
  });
  expect(existsSync(join(folder, 'other.tgz'))).toBe(false);
});

test('an import that is broken off leaves nothing behind', async () => {
  const reason = new Error('enough');
  const cancellation = new AbortController();
  const importing = importCheckpoint(to, file, {
    signal: cancellation.signal,
    onBytes: () => cancellation.abort(reason),
  });
  await expect(importing).rejects.toBe(reason);
  expectNothingLeft();
});

describe('a damaged file is refused, and nothing of it is left', () => {
  test('cut off anywhere', async () => {
    const whole = readFileSync(file);
    for (let length = 0; length < whole.length; length += length < 32 ? 1 : 17)
      await expectRefusal(whole.subarray(0, length), /cut off|not an exported/);
  });

  test('cut off at any block of the archive, and compressed again', async () => {
    const whole = gunzipSync(readFileSync(file));
    for (let length = 0; length < whole.length; length += 512 * 8)
      await expectRefusal(gzipSync(whole.subarray(0, length)), 'cut off');
    await expectRefusal(gzipSync(whole.subarray(0, whole.length - 512)), 'cut off');
  });

  test('one byte changed: it is refused, or holds the very same checkpoint', async () => {
    const whole = readFileSync(file);
    for (let at = 0; at < whole.length; at += at < 32 || at > whole.length - 16 ? 1 : 13) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 0x10;
      writeFileSync(file, changed);
      const imported = await importCheckpoint(to, file).catch(() => undefined);
      if (imported === undefined) expectNothingLeft();
      else {
        expect({ at, imported }).toEqual({ at, imported: { ...manifest, kind: 'saved' } });
        rmSync(to.checkpoints, { recursive: true });
      }
    }
  });

  test('one byte of a file inside changed, and compressed again', async () => {
    const whole = gunzipSync(readFileSync(file));
    const at = whole.lastIndexOf('journal');
    whole.write('Journal', at);
    await expectRefusal(gzipSync(whole), 'a file of the checkpoint was changed');
  });

  test('something after its end', async () => {
    const whole = readFileSync(file);
    await expectRefusal(Buffer.concat([whole, Buffer.from('more')]), /follows the end|was changed/);
    await expectRefusal(Buffer.concat([whole, Buffer.alloc(1)]), /follows the end|was changed/);
    await expectRefusal(Buffer.concat([whole, gzipSync('more')]), 'follows the end');
  });

  test('another file, an empty one, another archive', async () => {
    await expectRefusal(Buffer.alloc(0), 'cut off');
    await expectRefusal(Buffer.from('hello'), 'not an exported checkpoint');
    await expectRefusal(gzipSync(Buffer.from('hello'.repeat(1000))), 'not a tar archive');
    await expectRefusal(await archiveOf([['README', Buffer.from('hello')]]), 'not an exported checkpoint');
    await expectRefusal(await archiveOf([]), 'not an exported checkpoint');
  });

  test('a file is missing, is there twice, or does not belong to it', async () => {
    const objects = objectEntries();
    const [first] = objects;
    if (!first) throw new Error('a file is expected');
    await expectRefusal(await archiveOf([...headOf(), ...objects.slice(1)]), 'are missing');
    await expectRefusal(await archiveOf([...headOf(), ...objects, first]), 'does not belong');
    const extra = ['objects/../../evil', Buffer.from('evil')] as const;
    await expectRefusal(await archiveOf([...headOf(), extra, ...objects]), 'does not belong');
  });

  test('a link in place of a file', async () => {
    const link = Buffer.alloc(512);
    new Header({ path: 'objects/aa', type: 'SymbolicLink', linkpath: '/etc', size: 0, mode: 0o644 }).encode(
      link,
    );
    const whole = gunzipSync(await archiveOf(headOf()));
    await expectRefusal(
      gzipSync(Buffer.concat([whole.subarray(0, -1024), link, Buffer.alloc(1024)])),
      'plain file',
    );
  });
});

describe('a manifest that the course would not write is refused', () => {
  const signed = (body: string): string =>
    JSON.stringify({ sha256: createHash('sha256').update(body).digest('hex'), body });

  test('a newer form, with the command that reads it', async () => {
    const body = JSON.stringify({ ...manifest, format: manifestFormat + 1, more: true });
    writeFileSync(file, await archiveWith(signed(body)));
    await expect(importCheckpoint(to, file)).rejects.toMatchObject({
      code: 'checkpoint-refused',
      message: expect.stringContaining('a newer version of the course'),
      remedy: expect.stringContaining('npx mongo-scale-course@latest checkpoint import'),
    });
    expectNothingLeft();
  });

  test('a hash that is another, of the manifest or of the list of files', async () => {
    const text = writeManifest(manifest).replace('single-node', 'single-nude');
    await expectRefusal(await archiveWith(text), 'was changed after');
    const [head, list] = headOf();
    if (!head || !list) throw new Error('two entries are expected');
    const changed: Entry = [list[0], Buffer.from(list[1].toString().replace('copy.js', 'cope.js'))];
    await expectRefusal(await archiveOf([head, changed, ...objectEntries()]), 'list of files was changed');
  });

  test.each([
    ['../evil', 'a path outside'],
    ['shop/../../evil', 'a path outside'],
    ['/etc/evil', 'a path outside'],
    ['shop//evil', 'a path outside'],
    ['C:/evil', 'impossible path'],
    ['shop\\evil', 'impossible path'],
    ['shop/cache.js', 'named twice'],
    ['shop/cache.js/evil', 'is in a file'],
  ])('a file %s of the learner', async (path, reason) => {
    const last = content.workspace.at(-1);
    if (last?.kind !== 'file') throw new Error('a file is expected');
    const workspace = [...content.workspace, { ...last, path }];
    await expectRefusal(await archiveOf([...headOf({ workspace }), ...objectEntries()]), reason);
  });

  test('data whose folder is unknown, or that would run with the rights of its owner', async () => {
    const last = content.data.at(-1);
    if (last?.kind !== 'file') throw new Error('a file is expected');
    const cases = [
      [{ ...last, path: 'shard2a/journal' }, 'unknown folder'],
      [{ ...last, path: 'shard1a/run', mode: 0o4755 }, 'impossible mode'],
      [{ ...last, path: 'shard1a/size', size: 7 }, 'two sizes'],
    ] as const;
    for (const [entry, reason] of cases) {
      const data = [...content.data, entry];
      await expectRefusal(await archiveOf([...headOf({ data }), ...objectEntries()]), reason);
    }
  });

  test('a name that is a path, and what the course says it cannot use', async () => {
    const named = await archiveOf([...headOf({}, { name: '../../evil' }), ...objectEntries()]);
    await expectRefusal(named, 'cannot be used');
    writeFileSync(file, await archiveOf([...headOf(), ...objectEntries()]));
    await expect(
      importCheckpoint(to, file, { refuse: ({ lesson }) => `there is no lesson ${lesson}` }),
    ).rejects.toMatchObject({ code: 'checkpoint-refused' });
    expectNothingLeft();
  });
});
