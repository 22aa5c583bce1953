import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Home, resolveHome } from '../../../src/home.js';
import { readStack } from '../../../src/lab/compose/stack.js';
import { projectName } from '../../../src/lab/docker/document.js';
import { lookThroughProgram } from '../../../src/lab/docker/look.js';
import { openDockerRuntime } from '../../../src/lab/docker/runtime.js';
import type { ServiceEvent } from '../../../src/lab/runtime.js';
import { type FakeCli, fakeCli } from './fake-cli.js';

const stack = readStack('single-node', { env: {} });
const container = (name: string, Status: string) =>
  JSON.stringify({
    Id: 'c0ffee',
    Name: `/${name}`,
    State: { Status, ExitCode: 0, Error: '', OOMKilled: false, StartedAt: '2026-11-20T16:26:31Z' },
    NetworkSettings: { Networks: { net: {} } },
    Config: { Image: 'mongo:7.0', Env: null, Labels: null },
  });

type Answers = Parameters<typeof fakeCli>[0];
const engine: Answers = [
  [
    /^context inspect/,
    { stdout: '{"Name":"default","Endpoints":{"docker":{"Host":"unix:///run/docker.sock"}}}' },
  ],
  [/^version/, { stdout: '{"Version":"20.10.24","ApiVersion":"1.41"}' }],
  [/^compose version/, { stdout: '2.40.3' }],
];

let home: Home;
let project: string;
let name: string;
beforeEach(() => {
  home = resolveHome(mkdtempSync(join(tmpdir(), 'msc-docker-')));
  project = projectName(home.root);
  name = `${project}-shard1a-1`;
});
afterEach(() => rmSync(home.root, { recursive: true, force: true }));

const opens = (cli: FakeCli) => openDockerRuntime(home, cli, lookThroughProgram(cli));

/** A lab whose stack is known, as after an `up` whose containers could not be started. */
async function opened(answers: Answers) {
  const failing = fakeCli([
    ...engine,
    [/^image inspect/, {}],
    [/^container inspect/, { code: 1, stderr: `Error: No such container: ${name}` }],
    [/^container ls/, {}],
    [/ up /, { code: 1, stderr: 'no luck' }],
  ]);
  const before = await opens(failing);
  await before.up(stack, () => {}).catch(() => {});
  const cli = fakeCli(answers);
  return { cli, runtime: await opens(cli) };
}

describe('the docker runtime', () => {
  it('remembers its stack for the next command', async () => {
    const { runtime } = await opened([]);
    expect(runtime.stack()).toEqual(JSON.parse(JSON.stringify(stack)));
    expect(runtime.address('shard1a')).toBe('127.0.0.1:27111');
    expect(runtime.peerAddress('shard1a')).toBe('shard1a:27111');
    expect(runtime.coursePath('load-shop.js')).toBe('/course/load-shop.js');
    expect(readFileSync(join(home.lab, 'compose.yaml'), 'utf8')).toContain(`name: ${project}`);
  });

  it('says that no stage is up, where none is, for every service', async () => {
    const runtime = await opens(fakeCli([]));
    const notUp = { code: 'lab-not-up', exitCode: 3 };
    for (const act of [runtime.stop, runtime.pause, runtime.shell]) {
      await expect(act('shard1a')).rejects.toMatchObject(notUp);
    }
    expect(() => runtime.address('shard1a')).toThrow(expect.objectContaining(notUp));
  });

  it('refuses a service that the stack has not', async () => {
    const { runtime } = await opened([]);
    for (const act of [runtime.stop, runtime.kill, runtime.pause, runtime.start]) {
      await expect(act('shard9z')).rejects.toMatchObject({ code: 'unknown-service' });
    }
  });

  it('pulls what is missing with its progress before it starts anything', async () => {
    const cli = fakeCli([
      ...engine,
      [/^image inspect/, { code: 1, stderr: 'Error response from daemon: No such image: mongo:7.0' }],
      [
        / pull$/,
        { stderr: readFileSync(new URL('recorded/pull-compose-2.40.jsonl', import.meta.url), 'utf8') },
      ],
      [/^container inspect/, { code: 1, stderr: `Error: No such container: ${name}` }],
      [/^container ls/, {}],
      [/ up /, { code: 1, stderr: 'no luck' }],
    ]);
    const phases: string[] = [];
    const runtime = await opens(cli);
    await expect(runtime.up(stack, (event) => phases.push(event.phase))).rejects.toMatchObject({
      code: 'docker-failed',
    });
    expect([...new Set(phases)]).toEqual(['looking', 'downloading', 'unpacking', 'ready']);
    const pull = cli.calls.findIndex((call) => / pull$/.test(call));
    expect(pull).toBeGreaterThan(-1);
    expect(cli.calls.findIndex((call) => / up /.test(call))).toBeGreaterThan(pull);
  });

  it('names the port that is taken, and who has it', async () => {
    const squatter = createServer();
    await new Promise<void>((resolve) => squatter.listen(0, '127.0.0.1', resolve));
    const { port } = squatter.address() as { port: number };
    const shifted = readStack('single-node', { env: {}, portOffset: port - 27111 });
    const complaint = `Bind for 127.0.0.1:${port} failed: port is already allocated`;
    const cli = fakeCli([
      ...engine,
      [/^image inspect/, {}],
      [/^container inspect/, { code: 1, stderr: `Error: No such container: ${name}` }],
      [/^container ls/, {}],
      [/ up /, { code: 1, stderr: JSON.stringify({ error: true, message: complaint }) }],
    ]);
    const runtime = await opens(cli);
    const failure = await runtime.up(shifted, () => {}).catch((cause: Error) => cause);
    squatter.close();
    expect(failure).toMatchObject({ code: 'port-taken' });
    expect((failure as Error).message).toContain(`shard1a needs port ${port}`);
  });

  it('says that the engine is gone when it is gone in the middle of a lesson', async () => {
    const stderr =
      'Cannot connect to the Docker daemon at unix:///run/docker.sock. Is the docker daemon running?';
    const { runtime } = await opened([[/./, { code: 1, stderr }]]);
    await expect(runtime.services()).rejects.toMatchObject({ code: 'docker-not-running' });
  });

  it('notes that it ends a service before it does, so that nobody takes it for dead', async () => {
    const { runtime, cli } = await opened([
      [/^container inspect/, { stdout: container(name, 'running') }],
      [/^container kill/, {}],
    ]);
    await runtime.kill('shard1a');
    expect(cli.calls.at(-1)).toBe(`container kill ${name}`);
    const later = await opens(fakeCli([[/inspect/, { stdout: container(name, 'exited') }]]));
    expect((await later.services())[0]).toMatchObject({ name: 'shard1a', state: 'stopped' });
  });

  it('does not pause what does not run', async () => {
    const { runtime } = await opened([[/^container inspect/, { stdout: container(name, 'exited') }]]);
    await expect(runtime.pause('shard1a')).rejects.toMatchObject({ code: 'service-not-running' });
  });

  it('opens the shell inside the container, with a terminal only where there is one', async () => {
    const { runtime } = await opened([[/^container inspect/, { stdout: container(name, 'running') }]]);
    const before = ['compose', '-p', project, '-f', join(home.lab, 'compose.yaml'), 'exec'];
    const mongosh = ['shard1a', 'mongosh', '--quiet', '--port', '27111'];
    expect(await runtime.shell('shard1a', { terminal: true })).toEqual({
      file: 'docker',
      args: [...before, ...mongosh],
    });
    expect(await runtime.shell('shard1a', { args: ['--eval', '1'] })).toEqual({
      file: 'docker',
      args: [...before, '--no-TTY', ...mongosh, '--eval', '1'],
    });
  });

  it('takes down what carries its label, config servers last, and nothing else', async () => {
    const mine = `label=mongo-scale-course=${home.root}`;
    const nameless = '13fcf93f4428d09851b769f3b2a772645b499621feed4ba8f6e08b4a6cdfa447';
    const containers = [
      ['aaa', 'running', 'config1', '"mongod --configsvr --replSet configset"'],
      ['bbb', 'paused', 'shard1a', '"mongod --shardsvr --replSet shard1"'],
      ['ccc', 'exited', 'shard2a', '"mongod --shardsvr --replSet shard2"'],
    ];
    const answers: Answers = [
      [/^container inspect/, { stdout: `${project}_shard1a\n${nameless}\n\n` }],
      [/^container ls/, { stdout: containers.map((row) => row.join('\t')).join('\n') }],
      [/^network ls/, { stdout: 'nnn' }],
      [/^volume ls/, { stdout: `${project}_shard1a` }],
      [/./, {}],
    ];
    const { runtime, cli } = await opened(answers);
    expect(await runtime.down({ purge: false })).toEqual({ stopped: ['config1', 'shard1a'], removed: [] });
    const lists = cli.calls.filter((call) => / ls /.test(call));
    expect(lists.every((call) => call.includes(mine))).toBe(true);
    expect(cli.calls.filter((call) => !/ ls /.test(call))).toEqual([
      'container stop bbb',
      'container stop aaa',
      'container inspect --format {{range .Mounts}}{{println .Name}}{{end}} aaa bbb ccc',
      'container rm --force aaa bbb ccc',
      `volume rm --force ${nameless}`,
      'network rm nnn',
    ]);
    expect(runtime.stack()?.stage).toBe('single-node');

    const before = cli.calls.length;
    const events: ServiceEvent[] = [];
    expect(await runtime.down({ purge: true }, (event) => events.push(event))).toEqual({
      stopped: ['config1', 'shard1a'],
      removed: [`${project}_shard1a`, home.lab],
    });
    expect(events.map(({ service, phase }) => `${service} ${phase}`)).toEqual([
      'config1 stopping',
      'shard1a stopping',
      'config1 stopped',
      'shard1a stopped',
    ]);
    expect(cli.calls.slice(before).filter((call) => call.startsWith('container stop'))).toEqual([]);
    expect(cli.calls).toContain(`volume rm ${project}_shard1a`);
    expect(runtime.stack()).toBeUndefined();
  });

  it('kills every running container of the stack in one call, and marks all services as stopped', async () => {
    const containers = [
      ['aaa', 'running', 'shard1a', '"mongod"'],
      ['bbb', 'exited', 'shop1', '"node"'],
      ['ccc', 'running', 'leftover', '"mongod"'],
    ];
    const { runtime, cli } = await opened([
      [/^container ls/, { stdout: containers.map((row) => row.join('\t')).join('\n') }],
      [/^container kill/, {}],
      [/^container inspect/, { stdout: container(name, 'exited') }],
    ]);
    const events: ServiceEvent[] = [];
    await runtime.killAll((event) => events.push(event));
    expect(cli.calls.filter((call) => !/ ls /.test(call))).toEqual(['container kill aaa']);
    expect(events.map(({ service, phase }) => `${service} ${phase}`)).toEqual([
      'shard1a stopping',
      'shard1a stopped',
    ]);
    expect((await runtime.services()).map(({ state }) => state)).toEqual(['stopped', 'stopped']);
  });

  it('reports a container that cannot be killed, but not one that ended by itself meanwhile', async () => {
    const failing = (state: string): Answers => {
      let lists = 0;
      return [
        [/^container ls/, () => ({ stdout: `aaa\t${lists++ === 0 ? 'running' : state}\tshard1a\t"mongod"` })],
        [/^container kill/, { code: 1, stderr: 'Error response from daemon: cannot kill container: aaa' }],
      ];
    };
    await (await opened(failing('exited'))).runtime.killAll();
    await expect((await opened(failing('running'))).runtime.killAll()).rejects.toThrow(
      'cannot kill container',
    );
  });
});
