import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadBundle, saveBundle } from '../../../src/lab/docker/bundle.js';
import { fakeCli } from './fake-cli.js';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-bundle-'));
  file = join(folder, 'course.tar.gz');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const save = () =>
  saveBundle(['mongo:7.0', 'redis:8'], file, {
    cli: fakeCli([
      [/^image inspect/, {}],
      [/^image save mongo:7\.0 redis:8$/, { stdout: 'what docker saved' }],
    ]),
  });

describe('saveBundle', () => {
  it('writes what docker saves, packed, and a checksum that sha256sum can read', async () => {
    const { bytes, sha256 } = await save();
    const written = readFileSync(file);
    expect(gunzipSync(written).toString()).toBe('what docker saved');
    expect(bytes).toBe(written.length);
    expect(sha256).toBe(createHash('sha256').update(written).digest('hex'));
    expect(readFileSync(`${file}.sha256`, 'utf8')).toBe(`${sha256}  course.tar.gz\n`);
  });

  it('saves nothing where an image is missing', async () => {
    const cli = fakeCli([[/^image inspect/, { code: 1, stderr: 'Error: No such image: redis:8' }]]);
    await expect(saveBundle(['redis:8'], file, { cli })).rejects.toMatchObject({ code: 'image-missing' });
    expect(existsSync(file)).toBe(false);
  });

  it('leaves no half of a bundle where docker fails', async () => {
    const cli = fakeCli([
      [/^image inspect/, {}],
      [/^image save/, { code: 1, stdout: 'half', stderr: 'no space left on device' }],
    ]);
    await expect(saveBundle(['redis:8'], file, { cli })).rejects.toMatchObject({ code: 'disk-full' });
    expect(existsSync(file)).toBe(false);
    expect(existsSync(`${file}.part`)).toBe(false);
  });

  it('says where it cannot write', async () => {
    file = join(folder, 'nowhere', 'course.tar.gz');
    await expect(save()).rejects.toMatchObject({ code: 'bundle-not-writable' });
  });
});

describe('loadBundle', () => {
  const stdout = 'Loaded image: mongo:7.0\nLoaded image: redis:8';

  it('loads what was saved and names it', async () => {
    await save();
    const cli = fakeCli([[/^image load --input/, { stdout }]]);
    expect(await loadBundle(file, { cli })).toEqual(['mongo:7.0', 'redis:8']);
  });

  it('refuses a bundle that was damaged on its way, before docker sees it', async () => {
    await save();
    appendFileSync(file, 'x');
    await expect(loadBundle(file, { cli: fakeCli([]) })).rejects.toMatchObject({ code: 'bundle-damaged' });
  });

  it('misses a bundle without its checksum', async () => {
    await save();
    rmSync(`${file}.sha256`);
    await expect(loadBundle(file, { cli: fakeCli([]) })).rejects.toMatchObject({ code: 'bundle-missing' });
  });
});
