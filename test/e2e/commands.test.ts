import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { stageIds } from '../../src/course/types.js';
import type { CheckVerdict, LessonVerdict } from '../../src/grading/verdict.js';
import { lookUpProcesses } from '../../src/machine/process-table.js';
import { close, listen, portOffsetFor } from '../support/ports.js';
import { type Cli, cliIn, cliInterrupted } from './support/cli.js';

let home: string;
let cli: Cli;
let offset: string;

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), 'msc-cli-'));
  offset = String(await portOffsetFor('commands'));
  cli = cliIn({ MSC_HOME: home });
});
afterAll(async () => {
  await cli('down', '--purge');
  await rm(home, { recursive: true, force: true });
});

describe('wrong use ends 2 and says what is right', () => {
  test.each([
    [['chek'], 'Did you mean check?'],
    [['list', '--colour'], "unknown option '--colour'"],
    [['up', 'shards'], 'Stages: single-node, sharding, replication'],
    [['check', 'sharding/add-shard'], 'Did you mean sharding/add-shards?'],
    [['glossary', 'shrad'], 'Did you mean shard?'],
    [['summary', 'shards'], 'Stages: single-node, sharding, replication'],
    [['solve'], "missing required argument 'lesson'"],
    [['pull', '--stage', 'shards'], 'Stages: single-node, sharding, replication'],
    [['bundle', 'burn', 'course.tar.gz'], 'Allowed choices are save, load'],
    [['fault', 'explode', 'shard1a'], 'Allowed choices are stop, kill, pause, resume, start'],
    [['list', '--port-offset', 'many'], 'It is a whole number from 0 to 38000'],
    [['answer', 'sharding/config-server', 'owner', 'shard1'], 'It asks none.'],
    [[], 'needs a terminal'],
  ])('%j', async (args, says) => {
    const { exitCode, stdout, stderr } = await cli(...args);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain(says);
  });

  test('as one JSON document where that was asked for', async () => {
    const unknown = await cli('solve', 'nothing/here', '--json');
    expect(unknown.exitCode).toBe(2);
    expect(unknown.json()).toMatchObject({ error: { code: 'unknown-lesson' } });
    const endless = await cli('check', '--watch', '--json');
    expect(endless.json()).toMatchObject({ error: { code: 'watch-and-json' } });
    const misused = await cli('list', '--colour', '--json');
    expect(misused.json()).toMatchObject({ error: { code: 'wrong-use' } });
  });
});

describe('an environment that cannot ends 3', () => {
  test('a home that is a file', async () => {
    const file = join(home, 'a-file');
    await writeFile(file, '');
    const { exitCode, stderr } = await cli('status', '--home', join(file, 'home'));
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`${file}: it is no folder`);
    expect(stderr).toContain('--home FOLDER');
    await rm(file);
  });

  test('a lesson of a stage that is not up', async () => {
    const result = await cli('check', 'sharding/add-shards', '--json');
    expect(result.exitCode).toBe(3);
    expect(result.json()).toMatchObject({
      error: { code: 'stage-not-up', remedy: 'mongo-scale-course goto sharding/add-shards' },
    });
  });

  test('what only containers can do', async () => {
    const cut = await cli('fault', 'isolate', 'shard1a', '--json');
    expect(cut.exitCode).toBe(3);
    expect(cut.json()).toMatchObject({
      error: { code: 'docker-only', remedy: expect.stringContaining('fault pause') },
    });
    const bundled = await cli('bundle', 'save', join(home, 'course.tar.gz'), '--json');
    expect(bundled.exitCode).toBe(3);
    expect(bundled.json()).toMatchObject({
      error: { code: 'docker-only', remedy: expect.stringContaining('mongo-scale-course pull') },
    });
  });

  test('notes about the lab that are damaged: down --purge starts anew all the same', async () => {
    const damagedHome = await mkdtemp(join(tmpdir(), 'msc-cli-'));
    const damaged = cliIn({ MSC_HOME: damagedHome });
    expect((await damaged('up', 'single-node', '--port-offset', offset)).exitCode).toBe(0);
    const { services } = (await damaged('status', '--json')).json<{ services: { pid: number }[] }>();
    await writeFile(join(damagedHome, 'lab', 'lab.json'), '{bad');
    const doctor = await damaged('doctor');
    expect({ exitCode: doctor.exitCode, says: doctor.stdout }).toEqual({
      exitCode: 3,
      says: expect.stringMatching(/✗ lab .*damaged[\s\S]*✔ mongod/),
    });
    const status = await damaged('status');
    expect(status.exitCode).toBe(3);
    expect(status.stderr).toContain('mongo-scale-course down --purge');
    expect((await damaged('down', '--purge')).exitCode).toBe(0);
    expect([...(await lookUpProcesses(services.map(({ pid }) => pid))).values()]).toEqual([]);
    expect((await damaged('status')).stdout).toContain('No stage is up');
    await rm(damagedHome, { recursive: true, force: true });
  });

  test('a taken port: another offset is suggested, and may be taken', async () => {
    const otherHome = await mkdtemp(join(tmpdir(), 'msc-cli-'));
    const other = cliIn({ MSC_HOME: otherHome });
    const inTheWay = await listen(27111 + Number(offset));
    const refused = await other('up', 'single-node', '--port-offset', offset);
    expect(refused.exitCode).toBe(3);
    const [, suggested] = /--port-offset (\d+)/.exec(refused.stderr) ?? [];
    expect((await other('up', 'single-node', '--port-offset', suggested as string)).exitCode).toBe(0);
    expect((await other('status')).stdout).toContain(`127.0.0.1:${27111 + Number(suggested)}`);
    await other('down', '--purge');
    if (inTheWay) await close(inTheWay);
    await rm(otherHome, { recursive: true, force: true });
  });

  test('a damaged progress file is kept aside, and said so', async () => {
    const damagedHome = await mkdtemp(join(tmpdir(), 'msc-cli-'));
    await writeFile(join(damagedHome, 'progress.json'), '{bad');
    const { exitCode, stderr } = await cli('list', '--home', damagedHome);
    expect(exitCode).toBe(0);
    expect(stderr).toContain('Your progress file was damaged');
    const [keptAs] = (await readdir(damagedHome)).filter((name) => name.startsWith('progress.json.damaged-'));
    expect(stderr).toContain(keptAs);
    await rm(damagedHome, { recursive: true });
  });

  test('doctor says what is there', async () => {
    const result = await cli('doctor', '--json', '--port-offset', offset);
    const { ok, findings } = result.json<{ ok: boolean; findings: { what: string; state: string }[] }>();
    expect(ok).toBe(true);
    expect(result.exitCode).toBe(0);
    expect(findings.map(({ what }) => what)).toEqual(
      expect.arrayContaining([
        'Node.js',
        'Docker',
        'mongod',
        'mongosh',
        'traefik',
        'nginx',
        'memory',
        'disk',
        'ports',
      ]),
    );
  });
});

test('help has examples, and the version is the package’s', async () => {
  expect((await cli('--help')).stdout).toContain('mongo-scale-course goto sharding/add-shards');
  expect((await cli('up', '--help')).stdout).toContain('--port-offset');
  expect((await cli('--version')).stdout).toMatch(/^\d+\.\d+\.\d+$/);
});

test('list names every lesson with its state', async () => {
  const { stages } = (await cli('list', '--json')).json<{
    stages: { id: string; lessons: { id: string; minutes: number; state: string }[] }[];
  }>();
  expect(stages.map(({ id }) => id)).toEqual(stageIds.slice(0, stages.length));
  expect(stages.length).toBeGreaterThanOrEqual(3);
  expect(stages.flatMap(({ lessons }) => lessons).every(({ minutes }) => minutes > 0)).toBe(true);
});

test('pull has all that a stage runs, and starts nothing', async () => {
  const pulled = await cli('pull', '--stage', 'sharding', '--json');
  const { runtime, stages, programs } = pulled.json<
    Record<'stages' | 'programs', string[]> & { runtime: string }
  >();
  expect({ runtime, stages, exitCode: pulled.exitCode }).toEqual({
    runtime: 'local',
    stages: ['sharding'],
    exitCode: 0,
  });
  for (const program of [/^mongod \d/, /^(mongos \d|course router)/, /^mongosh/]) {
    expect(programs).toContainEqual(expect.stringMatching(program));
  }
  expect((await cli('status')).stdout).toContain('No stage is up');
});

describe.sequential('a lab led to the shards’ sets', () => {
  test('goto replays the solutions it builds on, and passes over those that leave nothing behind', async () => {
    const { exitCode, stderr } = await cli('goto', 'sharding/shard-sets', '--port-offset', offset);
    expect(stderr).toContain('single-node/load-the-shop: passed');
    expect(stderr).toContain('sharding/config-server: passed');
    expect(stderr).not.toContain('single-node/read-a-plan');
    expect(exitCode).toBe(0);
  });

  test('Ctrl-C breaks off at once, says so, and the same command goes on from there', async () => {
    const broken = await cliInterrupted(
      { MSC_HOME: home },
      ['goto', 'sharding/add-shards'],
      'sharding/shard-sets: typing the solution',
    );
    expect(broken.exitCode).toBe(130);
    expect(broken.stderr).toContain('Broken off.');
    expect(broken.stderr).not.toContain('fault');
    expect((await cli('goto', 'sharding/shard-sets')).exitCode).toBe(0);
  });

  test('status says what runs, and where', async () => {
    const status = (await cli('status', '--json')).json<{
      stage: string;
      services: Record<string, unknown>[];
    }>();
    expect(status).toMatchObject({ stage: 'sharding', runtime: 'local' });
    expect(status.services).toContainEqual(
      expect.objectContaining({
        name: 'shard1a',
        program: 'mongod',
        state: 'running',
        address: `127.0.0.1:${27111 + Number(offset)}`,
        pid: expect.any(Number),
        since: expect.any(String),
      }),
    );
  });

  test('another port offset for the same lab is refused', async () => {
    const result = await cli('up', 'sharding', '--port-offset', String(Number(offset) + 7), '--json');
    expect(result.exitCode).toBe(3);
    expect(result.json()).toMatchObject({ error: { code: 'lab-differs' } });
  });

  test('an unknown service is wrong use, naming those there are', async () => {
    for (const args of [
      ['shell', 'shard9a'],
      ['logs', 'shard9a'],
      ['fault', 'kill', 'shard9a'],
    ]) {
      const { exitCode, stderr } = await cli(...args);
      expect(exitCode).toBe(2);
      expect(stderr).toContain('shard2a');
    }
  });

  test('a shell takes arguments after --', async () => {
    const { stdout, exitCode } = await cli('shell', 'shard2a', '--', '--eval', 'db.hello().isreplicaset');
    expect({ stdout: stdout.trim(), exitCode }).toEqual({ stdout: 'true', exitCode: 0 });
  });

  test('a set of another name is recognised as that mistake, exit 1', async () => {
    await cli(
      'shell',
      'shard1a',
      '--',
      '--eval',
      'try { rs.initiate({_id: "oops", members: [{_id: 0, host: "127.0.0.1:1"}]}) } catch {}',
    );
    const result = await cli('check', 'sharding/shard-sets', '--json');
    const verdict = result.json<LessonVerdict>();
    expect(result.exitCode).toBe(1);
    const named = verdict.checks.find(({ mistake }) => mistake === 'wrong-set-name') as CheckVerdict;
    expect(named).toMatchObject({ at: 'shard1a', state: 'wrong', reproduce: expect.any(String) });
    expect(named.explanation).toContain('shard1');
    const asText = await cli('check', 'sharding/shard-sets');
    expect(asText.stdout).toContain('✗ a mistake');
  });

  test('a node that is killed is shown dead behind our back, or stopped by us, and up starts it again', async () => {
    const { services } = (await cli('status', '--json')).json<{
      services: { name: string; pid: number }[];
    }>();
    const shard2a = services.find(({ name }) => name === 'shard2a');
    process.kill(shard2a?.pid as number, 'SIGKILL');
    await expect
      .poll(async () => (await cli('status')).stdout, { timeout: 10_000 })
      .toMatch(/shard2a\s+dead/);
    expect((await cli('up')).stderr).toMatch(/shard2a answers/);
    await cli('fault', 'kill', 'shard2a');
    expect((await cli('status')).stdout).toMatch(/shard2a\s+stopped/);
    expect((await cli('fault', 'start', 'shard2a')).exitCode).toBe(0);
  });

  test('logs gives the last lines', async () => {
    const { lines } = (await cli('logs', 'shard1a', '--tail', '5', '--json')).json<{ lines: string[] }>();
    expect(lines).toHaveLength(5);
    expect(lines.every((line) => JSON.parse(line))).toBe(true);
  });

  test('down --purge leaves no process and no file but progress', async () => {
    const { services } = (await cli('status', '--json')).json<{ services: { pid?: number }[] }>();
    const down = await cli('down', '--purge', '--json');
    expect(down.exitCode).toBe(0);
    expect(down.json<{ stopped: string[] }>().stopped).toContain('config1');
    expect(await readdir(home)).toEqual(['progress.json']);
    const left = await lookUpProcesses(services.flatMap(({ pid }) => (pid === undefined ? [] : [pid])));
    expect([...left.values()]).toEqual([]);
    expect((await cli('status')).stdout).toContain('No stage is up');
  });
});
