import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { resolveHome } from '../../../src/home.js';
import { listensOn } from '../../../src/lab/compose/ports.js';
import type { Program, Service } from '../../../src/lab/compose/service.js';
import { launchOf } from '../../../src/lab/local/launch.js';
import type { FoundProgram } from '../../../src/lab/local/programs/programs.js';
import { packageRoot } from '../../../src/package.js';

const home = resolveHome('/home/ada/course');

function service(
  name: string,
  program: Program,
  args: readonly string[],
  more: Partial<Service> = {},
): Service {
  return {
    name,
    program,
    args,
    image: 'any',
    environment: {},
    ports: [],
    mounts: [],
    dependsOn: [],
    ...more,
  };
}

const program: FoundProgram = {
  name: 'mongod',
  file: '/usr/bin/mongod',
  argsBefore: [],
  version: '6.0.5',
  runs: 'mongod 6.0.5',
  source: 'PATH',
};

function launch(one: Service, found: FoundProgram = program) {
  const others = ['config1', 'config2', 'redis', 'shop1', 'gateway'].map((name) =>
    service(name, 'mongod', []),
  );
  const stack = { stage: 'any', file: 'any.yaml', portOffset: 0, services: [one, ...others] };
  return launchOf(one, stack, home, found);
}

const ownData = { mounts: [{ kind: 'volume', name: 'shard1a', target: '/data/db' }] } as const;

describe('a mongod', () => {
  test('keeps its data in the folder of its volume and listens on 127.0.0.1 only', () => {
    const args = ['--port', '27111', '--bind_ip_all', '--dbpath', '/data/db'];
    const { file, args: local, cwd } = launch(service('shard1a', 'mongod', args, ownData));
    const data = join(home.data, 'shard1a');
    expect(file).toBe('/usr/bin/mongod');
    expect(cwd).toBe(data);
    expect(local.slice(0, 4)).toEqual(['--port', '27111', '--dbpath', data]);
    expect(local.join(' ')).toContain('--bind_ip 127.0.0.1');
    expect(local).not.toContain('--bind_ip_all');
  });

  test.each([['--bind_ip', '0.0.0.0'], ['--bind_ip=0.0.0.0']])(
    'cannot be bound to the network with %s',
    (...args) => {
      expect(launch(service('shard1a', 'mongod', args, ownData)).args.join(' ')).not.toContain('0.0.0.0');
    },
  );

  test('that names no data folder gets its own', () => {
    const { args } = launch(service('shard1a', 'mongod', [], ownData));
    expect(args.slice(0, 2)).toEqual(['--dbpath', join(home.data, 'shard1a')]);
  });
});

describe('names and paths of containers', () => {
  test('services become 127.0.0.1 where they stand as a host, and nowhere else', () => {
    const args = ['--configdb', 'config1/config1:27101,config2:27102', '--replSet', 'config1'];
    expect(launch(service('router1', 'mongos', args)).args.slice(0, 4)).toEqual([
      '--configdb',
      'config1/127.0.0.1:27101,127.0.0.1:27102',
      '--replSet',
      'config1',
    ]);
    const environment = {
      MONGODB_URL: 'mongodb://config1:27101,config2:27102/?replicaSet=config1',
      REDIS_URL: 'redis://redis/0',
      INSTANCE: 'shop1',
      OTHER: 'myconfig1:27101',
    };
    expect(launch(service('shop1', 'node', [], { environment })).env).toMatchObject({
      MONGODB_URL: 'mongodb://127.0.0.1:27101,127.0.0.1:27102/?replicaSet=config1',
      REDIS_URL: 'redis://127.0.0.1/0',
      INSTANCE: 'shop1',
      OTHER: 'myconfig1:27101',
    });
  });

  test('a mounted path becomes the folder behind the mount, a longer name does not', () => {
    const mounts = [
      { kind: 'bind', source: '/package/assets/gateway', target: '/etc/gateway', readOnly: true },
      { kind: 'volume', name: 'gateway', target: '/data' },
    ] as const;
    const args = [
      '--file=/etc/gateway/routes.yml',
      '--dir',
      '/data',
      '--log',
      '/database/log',
      '/etc/gateways',
    ];
    expect(launch(service('gateway', 'traefik', args, { mounts })).args).toEqual([
      '--file=/package/assets/gateway/routes.yml',
      '--dir',
      join(home.data, 'gateway'),
      '--log',
      '/database/log',
      '/etc/gateways',
    ]);
  });
});

test('other servers listen on 127.0.0.1 too', () => {
  expect(launch(service('redis', 'redis-server', ['--port', '6379'])).args.join(' ')).toContain(
    '--bind 127.0.0.1',
  );
  expect(launch(service('shop1', 'node', ['server.js'])).env.HOST).toBe('127.0.0.1');
});

test.each([
  [['--bind', '0.0.0.0', '--port', '6379']],
  [['--port', '6379', '--bind', '10.0.0.1', '-::1']],
  [['--Bind', '* -::*', '--port', '6379']],
  [['--bind', '0.0.0.0', '--port', '6379', '--bind', '::']],
])('a redis-server cannot be bound to the network with %j', (args) => {
  expect(launch(service('redis', 'redis-server', args)).args).toEqual([
    '--port',
    '6379',
    '--bind',
    '127.0.0.1',
  ]);
});

test.each([
  [['--entrypoints.web.address=:8080'], ['--entrypoints.web.address=127.0.0.1:8080']],
  [['--entryPoints.web.address=0.0.0.0:8080'], ['--entryPoints.web.address=127.0.0.1:8080']],
  [['--entrypoints.web.address=[::]:8080/tcp'], ['--entrypoints.web.address=127.0.0.1:8080/tcp']],
  [
    ['--entrypoints.web.address', '0.0.0.0:8080'],
    ['--entrypoints.web.address', '127.0.0.1:8080'],
  ],
])('a traefik listens on 127.0.0.1 with %j', (args, local) => {
  expect(launch(service('gateway', 'traefik', args)).args).toEqual(local);
});

test('addresses that a traefik does not listen on are its own business', () => {
  const args = ['--tracing.otlp.grpc.endpoint=10.0.0.1:4317', '--metrics.statsd.address=10.0.0.1:8125'];
  expect(launch(service('gateway', 'traefik', args)).args).toEqual(args);
});

test('the script of a program comes before its arguments, and the process is marked as this lab’s', () => {
  const router = {
    ...program,
    file: '/usr/bin/node',
    argsBefore: ['/package/router.js'],
    runs: 'course router',
  };
  const { file, args, env, runs } = launch(service('router1', 'mongos', ['--port', '27017']), router);
  expect([file, ...args.slice(0, 3)]).toEqual(['/usr/bin/node', '/package/router.js', '--port', '27017']);
  expect(env).toMatchObject({ MSC_LAB: home.lab, MSC_SERVICE: 'router1' });
  expect(runs).toBe('course router');
});

test('a node of a Redis Cluster is known by its address here, and Redis 6.2 is spared what it does not know', () => {
  const args = ['--cluster-enabled', 'yes', '--cluster-announce-hostname', 'redis1'];
  const named = [...args, '--cluster-preferred-endpoint-type', 'hostname', '--port', '7001'];
  expect(launch(service('redis1', 'redis-server', named)).args).toEqual([
    '--cluster-enabled',
    'yes',
    '--port',
    '7001',
    '--bind',
    '127.0.0.1',
  ]);
});

test('a node of a Redis Cluster listens on its bus too, any other server on its own ports only', () => {
  const node = { ...service('redis1', 'redis-server', ['--cluster-enabled', 'yes']), ports: [7001] };
  expect(listensOn(node)).toEqual([7001, 17_001]);
  expect(listensOn({ ...node, args: ['--cluster-enabled', 'no'] })).toEqual([7001]);
});

test('nginx is given paths that it reads as they are, whatever is in the name of the home', () => {
  const odd = resolveHome('/home/ada/a "quoted" course');
  const edge = service('edge', 'nginx', ['-c', '/course/edge/nginx.conf'], {
    mounts: [
      { kind: 'volume', name: 'edge', target: '/var/cache/edge' },
      { kind: 'bind', source: join(packageRoot, 'assets', 'edge'), target: '/course/edge', readOnly: true },
      { kind: 'bind', source: join(odd.workspace, 'edge'), target: '/workspace/edge', readOnly: false },
    ],
  });
  const stack = { stage: 'any', file: 'any', portOffset: 0, services: [edge] };
  const { files } = launchOf(edge, stack, odd, program);
  const config = Object.values(files ?? {}).join();
  expect(config).toContain('include "/home/ada/a \\"quoted\\" course/workspace/edge/cache.conf"');
  expect(config).not.toContain('a "quoted" course');
});
