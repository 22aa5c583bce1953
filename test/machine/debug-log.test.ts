import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { dropped } from '../../src/machine/debug-log.js';
import { packageRoot } from '../../src/package.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'msc-debug-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

test('notes an error with its stack where MSC_DEBUG names a file', () => {
  const file = join(folder, 'debug.log');
  vi.stubEnv('MSC_DEBUG', file);
  expect(dropped(new TypeError('nothing to read'))).toBeUndefined();
  expect(readFileSync(file, 'utf8')).toMatch(
    new RegExp(`process ${process.pid} passed over: TypeError: nothing to read\\n\\s+at `),
  );
});

test('goes on where the file cannot be written', () => {
  // No folder has a file for its parent.
  writeFileSync(join(folder, 'file'), '');
  vi.stubEnv('MSC_DEBUG', join(folder, 'file', 'debug.log'));
  expect(dropped(new Error('x'))).toBeUndefined();
});

test('notes nothing without it', () => {
  dropped(new Error('x'));
  expect(existsSync(join(folder, 'debug.log'))).toBe(false);
});

/** Where an error is the answer to a question ("is there such a file?", "is this line JSON?"), or would come each second. */
const answers = [
  'src/lab/compose/lint/compose-lint.ts',
  'src/lab/docker/problems.ts',
  'src/lab/docker/progress.ts',
  'src/lab/failure.ts',
  'src/lab/local/lab-processes.ts',
  'src/lab/local/programs/cache-health.ts',
  'src/lab/local/programs/download.ts',
  'src/machine/debug-log.ts',
  'src/machine/ensure-folder.ts',
  'src/machine/file-version.ts',
  'src/machine/lock-holder.ts',
  'src/machine/log-file.ts',
  'src/machine/process-search.ts',
  'src/machine/process-table.ts',
  'src/replay/mongosh-pipe.ts',
  'src/shop/traffic/customers.ts',
  'src/workbench/view/log-line.ts',
];

test('no other source passes an error over without noting it', () => {
  const sources = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file}`)
    .filter((file) => /\.tsx?$/.test(file) && !answers.includes(file));
  const silent = sources.flatMap((file) =>
    readFileSync(join(packageRoot, file), 'utf8')
      .split('\n')
      // A wait that was broken off is no error; the end of a process is told by who waits for it.
      .filter((line) => !/delay\(|\b(ended|gone|answered|late)\.catch\(/.test(line))
      .filter((line) => /catch \{|\.catch\(\(\) => (undefined|\{\}|''|\[\]|false)\)/.test(line))
      .map((line) => `${file}: ${line.trim()}`),
  );
  expect(silent).toEqual([]);
});
