import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packageRoot } from '../../src/package.js';
import { openUnseenShells, type UnseenShells } from '../../src/replay/unseen-shells.js';
import { portOffsetFor } from '../support/ports.js';
import { openTestLab, type TestLab } from './support/test-lab.js';

let testLab: TestLab;
let shells: UnseenShells;
beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor('unseen-shells'), 'local');
  await testLab.lab.up('sharding', () => {});
  shells = openUnseenShells(testLab.lab);
});
afterAll(async () => {
  await shells?.close();
  await testLab?.close();
});

const type = (service: string, input: string) => shells.type(service, 'own', input);
const mongoshPid = async (service: string): Promise<number> =>
  Number(/\d{2,}$/m.exec(await type(service, 'print(process.pid)'))?.[0]);
const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

test('prints what a new mongosh prints, prompts included', async () => {
  await type('shard1a', 'rs.initiate()\nwhile (!db.hello().isWritablePrimary) sleep(50)');
  const piece = `db.hello().setName
use shop
db.things.insertOne({
  _id: 1,
  text: "a > b"
})
function twice(number) {
  return 2 * number
}
twice(4)
throw new Error("not this")
db.things.insertOne({ _id: 1 })
)
db.things.find().toArray()`;
  const { file, args } = await testLab.lab.runtime.shell('shard1a');
  await type('shard1a', 'use shop\ndb.things.drop()');
  const fresh = await execa(file, [...args], { input: `${piece}\n`, all: true });
  await type('shard1a', 'use shop\ndb.things.drop()');
  expect(await type('shard1a', piece)).toBe(fresh.all.trim());
});

test('takes nothing over from one piece to the next: database, read preference, constants', async () => {
  const piece = 'const here = db.getName(); let mode = db.getMongo().getReadPrefMode(); print(here, mode)';
  const before = await type('shard1a', piece);
  expect(before).toContain('test primary');
  await type('shard1a', 'use shop\ndb.getMongo().setReadPref("secondary")\nconst here = 1; let mode = 2');
  expect(await type('shard1a', piece)).toBe(before);
});

test('uses one mongosh for all services of a local lab, each connected to its own server', async () => {
  const pid = await mongoshPid('shard1a');
  expect(await mongoshPid('shard2a')).toBe(pid);
  expect(await type('shard1a', 'db.hello().me')).toContain(testLab.lab.runtime.address('shard1a'));
  expect(await type('shard2a', 'db.hello().isreplicaset')).toContain('true');
  expect(await mongoshPid('shard1a')).toBe(pid);
});

test('types on after the server was restarted', async () => {
  const { runtime } = testLab.lab;
  await runtime.kill('shard2a');
  await expect(type('shard2a', 'db.hello()')).rejects.toMatchObject({ code: 'service-not-running' });
  await runtime.start('shard2a');
  expect(await type('shard2a', 'db.hello().isreplicaset')).toContain('true');
});

test('opens another mongosh where the last was left or killed', async () => {
  const first = await mongoshPid('shard1a');
  expect(await type('shard1a', 'print("before")\nquit()\nprint("after")')).toContain('before');
  const second = await mongoshPid('shard1a');
  expect(second).not.toBe(first);
  process.kill(second, 'SIGKILL');
  await expect.poll(() => isAlive(second)).toBe(false);
  expect(await mongoshPid('shard1a')).not.toBe(second);
});

test('says the last words of a mongosh that is killed at work', async () => {
  const typing = type(
    'shard1a',
    'print("pid " + process.pid)\nprocess.kill(process.pid, "SIGKILL")\nsleep(5)',
  );
  await expect(typing).rejects.toMatchObject({
    code: 'shell-failed',
    message: expect.stringContaining('The shell on shard1a ended with:'),
  });
});

test('gives the output of a system shell and of the commands in it, and takes no offence at their exit code', async () => {
  expect(await shells.type('shard1a', 'system', 'echo $MSC_SERVICE\nfalse')).toBe('shard1a');
});

test('ends its mongosh when it is aborted', async () => {
  const abort = new AbortController();
  const own = openUnseenShells(testLab.lab, abort.signal);
  const output = await own.type('shard1a', 'own', 'print(process.pid)');
  const pid = Number(/\d{2,}$/m.exec(output)?.[0]);
  const typing = own.type('shard1a', 'own', 'while (true) sleep(50)');
  abort.abort(new Error('left'));
  await expect(typing).rejects.toThrow('left');
  await expect.poll(() => isAlive(pid)).toBe(false);
});

test('leaves no mongosh behind when it is closed, or when its process is killed', async () => {
  const pid = await mongoshPid('shard1a');
  await shells.close();
  expect(isAlive(pid)).toBe(false);

  const script = `
    const { openUnseenShells } = await import(${JSON.stringify(join(packageRoot, 'src/replay/unseen-shells.ts'))});
    const { resolveHome } = await import(${JSON.stringify(join(packageRoot, 'src/home.ts'))});
    const { openCourseLab } = await import(${JSON.stringify(join(packageRoot, 'src/course-lab.ts'))});
    const lab = await openCourseLab(resolveHome(${JSON.stringify(testLab.home.root)}));
    const shells = openUnseenShells(lab);
    console.log(await shells.type('shard1a', 'own', 'print("pid " + process.pid)'));
    setInterval(() => {}, 1000);`;
  const parent = spawn(process.execPath, [
    '--import',
    join(packageRoot, 'build/typescript.mjs'),
    '--input-type=module',
    '--eval',
    script,
  ]);
  let printed = '';
  parent.stdout.setEncoding('utf8').on('data', (text) => {
    printed += text;
  });
  const childPid = () => Number(/pid (\d+)/.exec(printed)?.[1] ?? 0);
  await expect.poll(childPid, { timeout: 30_000 }).toBeGreaterThan(0);
  expect(isAlive(childPid())).toBe(true);
  parent.kill('SIGKILL');
  await expect.poll(() => isAlive(childPid())).toBe(false);
});
