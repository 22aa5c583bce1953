import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Home, resolveHome } from '../../src/home.js';
import { lastWords } from '../../src/lab/local/failure.js';
import { startBackgroundProcess } from '../../src/machine/background-process.js';
import { findByEnvironment } from '../../src/machine/process-search.js';
import { Problem } from '../../src/problem.js';

let home: Home;
beforeEach(() => {
  home = resolveHome(mkdtempSync(join(tmpdir(), 'msc-own-')));
});
afterEach(() => rmSync(home.root, { recursive: true, force: true }));

interface Report {
  readonly pid: number;
  readonly startedAt: number;
  readonly told: unknown;
}

const read = (path: string): Report | undefined => {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
};

/** Starts a process that does this with its order, and writes its report where `report` says. */
function start(source: string, within: number): Promise<Report> {
  const script = join(home.root, 'script.mjs');
  const report = join(home.root, 'report.json');
  writeFileSync(script, `import { renameSync, writeFileSync } from 'node:fs';\n${source}`);
  return startBackgroundProcess(home, {
    name: 'test',
    script,
    order: { report },
    lock: join(home.root, 'lock'),
    log: join(home.root, 'test.log'),
    within,
    read: () => read(report),
    running: (pid) => new Problem('traffic-running', `${pid}`),
    lastWords,
    notStarted: (words) => new Problem('traffic-not-started', words ?? 'nothing'),
  });
}

const writesItsReport = `const told = JSON.parse(process.argv[2]);
writeFileSync(told.report + '.new', JSON.stringify({ pid: process.pid, startedAt: Date.now(), told }));
renameSync(told.report + '.new', told.report);
setTimeout(() => {}, 60_000);`;

test('its first report is given to whoever started it, and it goes on', async () => {
  const report = await start(writesItsReport, 30_000);
  expect(report.told).toMatchObject({ report: join(home.root, 'report.json') });
  expect(process.kill(report.pid, 'SIGKILL')).toBe(true);
});

test('one that ends without a report is told with the last words of its log', async () => {
  await expect(start('console.log("no such door"); process.exit(3);', 30_000)).rejects.toMatchObject({
    code: 'traffic-not-started',
    message: expect.stringContaining('no such door'),
  });
});

test('a report of another process is not taken for its own', async () => {
  writeFileSync(join(home.root, 'report.json'), JSON.stringify({ pid: process.pid }));
  await expect(start('process.exit(0);', 30_000)).rejects.toMatchObject({ code: 'traffic-not-started' });
});

test('nor is an old one that names its pid by chance', async () => {
  const source = `const { report } = JSON.parse(process.argv[2]);
writeFileSync(report, JSON.stringify({ pid: process.pid, startedAt: 1 }));`;
  await expect(start(source, 30_000)).rejects.toMatchObject({ code: 'traffic-not-started' });
});

test('one that is said not to have started does not begin later', async () => {
  await expect(start('setInterval(() => {}, 1_000);', 200)).rejects.toMatchObject({
    code: 'traffic-not-started',
  });
  expect(await findByEnvironment({ MSC_LAB: home.lab, MSC_SERVICE: 'test' })).toEqual([]);
});
