import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { lintStackFile, readStackFile } from '../../../../src/lab/compose/stack.js';
import { packageRoot } from '../../../../src/package.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-lint-'));
afterAll(() => rmSync(folder, { recursive: true }));

const service = (name: string, port: number, command: string, ...lines: readonly string[]): string[] => [
  `  ${name}:`,
  '    image: mongo:7.0',
  `    command: ${command} --port ${port}`,
  `    ports: ["127.0.0.1:${port}:${port}"]`,
  ...lines.map((line) => `    ${line}`),
];

/** Lint and text of a file with these services; its first service begins at line 3. */
function written(...services: readonly string[][]) {
  const file = join(folder, 'broken.yaml');
  const names = ['config1', 'config2', 'config9', 'shard1a'].map((name) => `  ${name}:`);
  writeFileSync(file, ['name: broken', 'services:', ...services.flat(), 'volumes:', ...names, ''].join('\n'));
  return file;
}

function lint(...services: readonly string[][]) {
  return lintStackFile(written(...services), { env: {} });
}

const healthy = (test: string): readonly string[] => ['healthcheck:', `  test: ${test}`];
/** What a router asks where the file has no config server of its own. */
const elsewhere = '--configdb configset/config1.example.org:27101';
const keeps = (volume: string): readonly string[] => ['volumes:', `  - ${volume}:/data/db`];
const hello = '[CMD, mongosh, --quiet, --eval, "quit(db.hello().ok ? 0 : 1)"]';
const primary = '[CMD, mongosh, --quiet, --eval, "quit(db.hello().isWritablePrimary ? 0 : 1)"]';
const waitsFor = (other: string, condition = 'service_healthy'): readonly string[] => [
  'depends_on:',
  `  ${other}:`,
  `    condition: ${condition}`,
];

describe('the lint of a compose file', () => {
  test.each(readdirSync(join(packageRoot, 'compose')))('finds nothing in compose/%s', (name) => {
    expect(lintStackFile(join(packageRoot, 'compose', name), { env: {} })).toEqual([]);
  });

  test('names who waits for the health of an uninitiated replica set', () => {
    const findings = lint(
      service('config1', 27101, 'mongod --configsvr --replSet configset', ...healthy(primary)),
      service('router1', 27017, 'mongos --configdb configset/config1:27101', ...waitsFor('config1')),
    );
    expect(findings).toEqual([
      {
        id: 'waits-for-learner',
        level: 'error',
        text: expect.stringMatching(/:15: services\.router1\.depends_on\.config1\.condition: router1 never/),
      },
    ]);
  });

  test('names who waits for a router’s health', () => {
    const [finding] = lint(
      service('router1', 27017, `mongos ${elsewhere}`, ...healthy(hello)),
      service('shard1a', 27111, 'mongod --shardsvr --replSet shard1', ...waitsFor('router1')),
    );
    expect(finding).toMatchObject({ id: 'waits-for-learner', level: 'error' });
  });

  test('names who waits for the health of what has no healthcheck', () => {
    const [finding] = lint(
      service('config1', 27101, 'mongod --configsvr --replSet configset'),
      service('router1', 27017, 'mongos --configdb configset/config1:27101', ...waitsFor('config1')),
    );
    expect(finding).toMatchObject({ id: 'waits-for-no-healthcheck', level: 'error' });
  });

  const shop = (url: string) => service('shop1', 8081, 'node', 'environment:', `  MONGODB_URL: ${url}`);
  const routers = [27017, 27018].map((port, index) =>
    service(`router${index + 1}`, port, `mongos ${elsewhere}`),
  );

  test.each([
    ['mongodb://localhost:27017/shop', /localhost is shop1 itself.*as router1/],
    ['mongodb://router1:27017,router3:27019', /there is no service router3/],
    ['mongodb://ada:pw@router1:27017,router2:27017', /router2 does not listen on 27017 but on 27018/],
  ])('names the address that leads nowhere in %s', (url, text) => {
    const [finding, ...more] = lint(shop(url), ...routers);
    expect(finding).toMatchObject({ id: 'address-of-nobody', level: 'error' });
    expect(finding?.text).toMatch(/services\.shop1\.environment\.MONGODB_URL/);
    expect(finding?.text).toMatch(text);
    expect(more).toEqual([]);
  });

  test.each(['mongodb://router1:27017,router2:27018/?w=1', 'mongodb://db.example.org:27017', 'anything'])(
    'has nothing against %s',
    (url) => {
      expect(lint(shop(url), ...routers)).toEqual([]);
    },
  );

  test.each([
    ['health that comes by itself', hello, 'service_healthy'],
    ['a start', primary, 'service_started'],
  ])('has nothing against waiting for %s', (_, check, condition) => {
    const config = service('config1', 27101, 'mongod --configsvr --replSet configset', ...healthy(check));
    const router = service(
      'router1',
      27017,
      'mongos --configdb configset/config1:27101',
      ...waitsFor('config1', condition),
    );
    expect(lint(config, router)).toEqual([]);
  });

  test.each([
    ['mongod --configsvr --replSet configset', '/data/db', '/data/configdb'],
    ['mongod --shardsvr --replSet shard1', '/data/configdb', '/data/db'],
    ['mongod --dbpath /srv/mongo', '/data/db', '/srv/mongo'],
    ['mongod --dbpath=/srv/mongo', '/srv/mongodb', '/srv/mongo'],
  ])('sees that %s does not keep its data in %s', (command, target, dbpath) => {
    const [finding, ...others] = lint(
      service('config1', 27101, command, 'volumes:', `  - config1:${target}`),
    );
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ id: 'volume-beside-data', level: 'error' });
    expect(finding?.text).toContain(':8: services.config1.volumes.0: ');
    expect(finding?.text).toContain(`has its data in ${dbpath}`);
    expect(finding?.text).toContain(`Add --dbpath ${target}`);
  });

  test.each([
    ['mongod --configsvr --replSet configset', '/data/configdb'],
    ['mongod --configsvr --replSet configset --dbpath /data/db', '/data/db'],
    ['mongod', '/data'],
    ['mongod --dbpath /data/db/', '/data/db/'],
  ])('sees that %s keeps its data in %s', (command, target) => {
    expect(lint(service('config1', 27101, command, 'volumes:', `  - config1:${target}`))).toEqual([]);
  });

  test.each([
    '[CMD, mongo, --eval, "db.hello()"]',
    '[CMD, /usr/bin/mongo, --eval, "db.hello()"]',
    '[CMD-SHELL, "echo 1 | mongo localhost:27111/test --quiet"]',
    'mongo --eval "db.hello()" || exit 1',
  ])('sees the old shell in %s', (check) => {
    const [finding] = lint(service('shard1a', 27111, 'mongod', ...healthy(check)));
    expect(finding).toMatchObject({ id: 'healthcheck-without-shell', level: 'advice' });
    expect(finding?.text).toContain(':8: services.shard1a.healthcheck.test: ');
  });

  test.each(['[CMD-SHELL, "mongosh mongodb://mongo:27017 --eval 1"]', '[CMD, curl, mongo]'])(
    'has nothing against %s',
    (check) => {
      expect(lint(service('shard1a', 27111, 'mongod', ...healthy(check)))).toEqual([]);
    },
  );

  test('sees a mounted script with CR LF, in a folder or by itself', () => {
    writeFileSync(join(folder, 'healthy.sh'), '#!/bin/sh\r\nexit 0\r\n');
    const mounted = (source: string) =>
      lint(service('shard1a', 27111, 'mongod', 'volumes:', `  - ${source}:/scripts:ro`));
    for (const findings of [mounted('./healthy.sh'), mounted('./')]) {
      expect(findings).toEqual([
        {
          id: 'carriage-returns',
          level: 'advice',
          text: expect.stringContaining('healthy.sh ends with CR LF'),
        },
      ]);
      expect(findings[0]?.text).toContain(':8: services.shard1a.volumes.0: ');
    }
    writeFileSync(join(folder, 'healthy.sh'), '#!/bin/sh\necho "\r"\r\n');
    expect(mounted('./healthy.sh')).toEqual([]);
  });

  /** A service whose command says of ports what it is given. */
  const listening = (command: string, published: number): string[] => [
    '  shard1a:',
    '    image: mongo:7.0',
    `    command: ${command}`,
    `    ports: ["127.0.0.1:${published}:${published}"]`,
  ];

  test.each([
    ['mongod --port 27112', 27111, /listens on 27112, and 27111 is published/],
    ['mongod --port=27112', 27111, /listens on 27112/],
    ['mongod --replSet shard1', 27111, /told no port, so it listens on 27017, and 27111/],
    ['mongod --shardsvr --replSet shard1', 27111, /listens on 27018/],
    ['mongod --configsvr --replSet configset', 27101, /listens on 27019/],
    [`mongos ${elsewhere}`, 27018, /listens on 27017/],
    ['redis-server', 7001, /listens on 6379/],
  ])('sees that %s is not reached on %d', (command, published, text) => {
    const [finding, ...more] = lint(listening(command, published));
    expect(finding).toMatchObject({ id: 'port-beside-ports', level: 'error' });
    expect(finding?.text).toMatch(/:5: services\.shard1a\.command: /);
    expect(finding?.text).toMatch(text);
    expect(finding?.text).toContain(`Write --port ${published} into the command`);
    expect(more).toEqual([]);
  });

  test.each([
    ['mongod --shardsvr --replSet shard1', 27018],
    ['mongod --port=27111', 27111],
    ['redis-server', 6379],
    ['node /shop/shop.mjs', 8081],
  ])('sees that %s is reached on %d', (command, published) => {
    expect(lint(listening(command, published))).toEqual([]);
  });

  test('decides what is refused: errors are, advice is not', () => {
    const volumes = ['volumes:', '  - config1:/data/db'];
    const lossy = written(service('config1', 27101, 'mongod --configsvr --replSet configset', ...volumes));
    expect(() => readStackFile(lossy, { env: {} })).toThrow(
      expect.objectContaining({
        code: 'compose-invalid',
        message: expect.stringMatching(/broken\.yaml:8: services\.config1\.volumes\.0: .*\/data\/configdb/),
      }),
    );
    const unwell = written(service('shard1a', 27111, 'mongod', ...healthy('[CMD, mongo]')));
    expect(readStackFile(unwell, { env: {} }).services).toHaveLength(1);
  });
});

describe('the lint of a cluster’s compose file', () => {
  const config = service(
    'config1',
    27101,
    'mongod --configsvr --replSet configset --dbpath /data/db',
    ...keeps('config1'),
  );
  const router = service('router1', 27017, 'mongos --configdb configset/config1:27101');
  const third = (command: string, ...more: readonly string[]) => service('shard1a', 27111, command, ...more);
  const ids = (...services: readonly string[][]) => lint(...services).map(({ id }) => id);

  test('has nothing against a shard with a role and a volume', () => {
    expect(ids(config, third('mongod --shardsvr --replSet shard1', ...keeps('shard1a')), router)).toEqual([]);
  });

  test.each([
    ['both-roles', 'mongod --shardsvr --configsvr --replSet shard1 --dbpath /data/db'],
    ['no-role', 'mongod --replSet shard1'],
  ])('names %s', (id, command) => {
    expect(ids(config, third(command, ...keeps('shard1a')), router)).toEqual([id]);
  });

  test('names a server without a volume beside others that have one', () => {
    expect(ids(config, third('mongod --shardsvr --replSet shard1'), router)).toEqual(['no-volume']);
  });

  test.each([
    'config1:27101',
    'configset/config2:27101',
    'other/config1:27101',
    'configset/shard1a:27111',
    'configset/config1:27111',
    // Where no port is said it is 27019.
    'configset/config1',
  ])('names --configdb %s, which leads nowhere', (configdb) => {
    const wrong = service('router1', 27017, `mongos --configdb ${configdb}`);
    const shard = third('mongod --shardsvr --replSet shard1', ...keeps('shard1a'));
    expect(ids(config, shard, wrong)).toEqual(['wrong-configdb']);
  });

  const asking = (...configdb: readonly string[]) =>
    lint(
      config,
      service(
        'config2',
        27102,
        'mongod --configsvr --replSet configset --dbpath /data/db',
        ...keeps('config2'),
      ),
      service('config9', 27109, 'mongod --configsvr --replSet other --dbpath /data/db', ...keeps('config9')),
      ...configdb.map((option, index) => service(`router${index + 1}`, 27017 + index, `mongos ${option}`)),
    );

  test.each(['--configdb other/config9:27109', '--configdb=other/config9:27109'])(
    'names the second router with %s, of another cluster',
    (second) => {
      const [finding, ...more] = asking('--configdb configset/config1:27101', second);
      expect(finding).toMatchObject({ id: 'router-of-another-set', level: 'error' });
      expect(finding?.text).toMatch(
        /services\.router2\.command: router2 asks the config set other, and router1 asks configset/,
      );
      expect(more).toEqual([]);
    },
  );

  test('has nothing against routers that are told different members of one config set', () => {
    const second = '--configdb configset/config2:27102,config1:27101';
    expect(asking('--configdb configset/config1:27101', second)).toEqual([]);
  });

  test('says where the config server is that a router looks for on another port', () => {
    const wrong = service('router1', 27017, 'mongos --configdb configset/config1:27111');
    const [finding] = lint(config, wrong);
    expect(finding?.text).toContain('looks for config1 on 27111, and it listens on 27101');
    expect(finding?.text).toContain('Write configset/config1:27101.');
  });

  test('names a router that is not told of config servers', () => {
    expect(ids(config, service('router1', 27017, 'mongos'))).toEqual(['no-configdb']);
  });

  test('names a shard that is', () => {
    const command = 'mongod --shardsvr --replSet shard1 --configdb configset/config1:27101';
    expect(ids(config, third(command, ...keeps('shard1a')), router)).toEqual(['configdb-of-server']);
  });

  test('names two servers with one volume', () => {
    const shard = third('mongod --shardsvr --replSet shard1', ...keeps('config1'));
    const [finding, ...more] = lint(config, shard, router);
    expect(finding).toMatchObject({ id: 'volume-shared', level: 'error' });
    expect(finding?.text).toMatch(/:14: services\.shard1a\.volumes\.0: the volume 'config1' is config1's/);
    expect(more).toEqual([]);
  });

  test('names two services with one port', () => {
    const clash = service('shard1a', 27101, 'mongod --shardsvr --replSet shard1', ...keeps('shard1a'));
    expect(ids(config, clash, router)).toContain('port-clash');
  });
});
