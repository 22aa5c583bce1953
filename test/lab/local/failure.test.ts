import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { readable } from '../../../src/lab/failure.js';
import { lastWords, startFailure } from '../../../src/lab/local/failure.js';
import { fileProblem } from '../../../src/machine/file-problem.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-log-'));
afterAll(() => rmSync(folder, { recursive: true }));

/** The program that failed. */
const file = '/opt/mongodb/bin/mongod';

function log(...lines: readonly string[]): string {
  const path = join(folder, 'shard1a.log');
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return path;
}

/** Lines as mongod 6.0 writes them. */
const line = (severity: string, msg: string, attr?: object) =>
  JSON.stringify({
    t: { $date: '2026-11-20T16:10:16.000+00:00' },
    s: severity,
    c: 'CONTROL',
    id: 1,
    ctx: 'main',
    msg,
    attr,
  });

test('a mongod’s log line is read as message and error', () => {
  expect(readable(line('E', 'Failed to set up listener', { error: 'Address already in use' }))).toBe(
    'Failed to set up listener: Address already in use',
  );
  expect(readable('plain text')).toBe('plain text');
});

test.each([
  [
    48,
    line('E', 'Failed to set up listener', {
      error: { codeName: 'AddressInUse', errmsg: 'Address already in use' },
    }),
    /exit code 48 .*its port is in use/,
  ],
  [62, line('F', 'Wrong mongod version', { error: 'UPGRADE PROBLEM' }), /written by another version/],
  [
    2,
    'BadValue: Cannot start a shardsvr as a standalone server. Please use the option --replSet',
    /has to be a member of a replica set/,
  ],
  [
    100,
    line('E', 'WiredTiger error message', { error: 'unsupported WiredTiger source file version 12.0' }),
    /written by another version/,
  ],
  [14, line('F', 'Fatal assertion', { error: 'FileStreamFailed: storage.bson' }), /data files are damaged/],
  ['SIGILL', '', /no AVX/],
  [1, 'mongod: error while loading shared libraries: libssl.so.3: cannot open', /lacks a library/],
])('an end with %s while starting is explained', async (end, text, expected) => {
  const problem = await startFailure('shard1a', 'mongod', end, { file, log: log(text) });
  expect(problem.code).toBe('service-failed');
  expect(problem.message).toMatch(expected);
  const isOfData = /damaged|another version/.test(problem.message);
  expect(problem.remedy).toMatch(isOfData ? /down --purge/ : /^Read the whole log: /);
  expect(problem.remedy).toContain('Read the whole log: mongo-scale-course logs shard1a');
});

test('a program that crashes before its first line is damaged itself', async () => {
  const problem = await startFailure('shard1a', 'mongod', 'SIGSEGV', { file, log: log() });
  expect(problem).toMatchObject({ code: 'program-damaged', message: expect.stringContaining(file) });
});

test('of a crash over damaged data: the errors above its stack, and the way to an empty lab', async () => {
  const told = {
    error: -31809,
    message: {
      msg: 'fatal turtle file read error',
      error_str: 'WT_TRY_SALVAGE: database corruption detected',
    },
  };
  const stack = Array.from({ length: 40 }, () => line('I', 'Frame', { frame: { a: '55C0' } }));
  const lines = [line('I', 'Opening WiredTiger'), line('E', 'WiredTiger error message', told), ...stack];
  const problem = await startFailure('shard1a', 'mongod', 'SIGABRT', { file, log: log(...lines) });
  expect(problem.message).toMatchInlineSnapshot(`
    "shard1a (mongod) ended by SIGABRT while it was starting: its data files are damaged.
    The last lines of its log:
      WiredTiger error message: fatal turtle file read error, WT_TRY_SALVAGE: database corruption detected"
  `);
  expect(problem.remedy).toMatch(/down --purge\nRead the whole log: mongo-scale-course logs shard1a/);
});

test('harmless lines that mention a cause do not count', async () => {
  const text = line('I', 'Setting featureCompatibilityVersion', { error: 'none' });
  expect((await startFailure('shard1a', 'mongod', 14, { file, log: log(text) })).message).not.toMatch(
    /another version/,
  );
});

test('the last words of a dead server are its last error, else its last line', async () => {
  const error = line('F', 'Fatal assertion', { error: 'out of luck' });
  expect(await lastWords(log(line('I', 'started'), error, line('I', 'aborting')))).toContain(
    'Fatal assertion: out of luck',
  );
  expect(await lastWords(log('one', 'two'))).toContain('two');
  expect(await lastWords(join(folder, 'none.log'))).toBeUndefined();
});

test('errors of the file system are problems with a way out', () => {
  const error = (code: string) => Object.assign(new Error(code), { code });
  expect(fileProblem(error('ENOSPC'), '/x')).toMatchObject({
    code: 'disk-full',
    remedy: expect.stringContaining('--home'),
  });
  expect(fileProblem(error('EROFS'), '/x')).toMatchObject({ code: 'home-not-writable' });
  const other = error('EIO');
  expect(fileProblem(other, '/x')).toBe(other);
});
