import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { resolveHome } from '../../../src/home.js';
import { addressesOf } from '../../../src/lab/addresses.js';
import type { Mount, Service, Stack } from '../../../src/lab/compose/service.js';
import {
  prepareWorkspace,
  renewWorkspaceFile,
  resetWorkspaceFile,
  startingText,
  writeWorkspaceFile,
} from '../../../src/lab/workspace/workspace.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-workspace-'));
afterAll(() => rmSync(folder, { recursive: true }));
const home = resolveHome(folder);

function service(name: string, port: number, mounts: readonly Mount[] = []): Service {
  const rest = { args: [], environment: {}, dependsOn: [], image: 'any' };
  return { name, program: 'traefik', ports: [port], mounts, ...rest };
}

const rules = join(home.workspace, 'gateway');
const stack: Stack = {
  stage: 'gateway',
  file: 'gateway.yaml',
  portOffset: 0,
  services: [
    service('gateway', 8080, [{ kind: 'bind', source: rules, target: '/workspace/gateway', readOnly: true }]),
    service('shop1', 8081, [{ kind: 'bind', source: '/elsewhere', target: '/shop', readOnly: true }]),
  ],
};
const places = {
  ...addressesOf(stack, 'docker'),
  coursePath: (file: string) => `/course/${file}`,
  workspacePath: (file: string) => join(home.workspace, file),
};

test('the files that services read are there when they start, with this lab’s addresses in them', () => {
  prepareWorkspace(home, stack, places);
  expect(readFileSync(join(rules, 'dynamic.yaml'), 'utf8')).toContain('- url: http://shop1:8081');
});

test('what the learner wrote is never overwritten', () => {
  writeFileSync(join(rules, 'dynamic.yaml'), 'http: {}\n');
  prepareWorkspace(home, stack, places);
  expect(readFileSync(join(rules, 'dynamic.yaml'), 'utf8')).toBe('http: {}\n');
  expect(startingText('gateway/dynamic.yaml', places)).toContain('http://shop1:8081');
});

test('what a learner wrote is kept beside what the course puts in its place', () => {
  const file = 'gateway/dynamic.yaml';
  const path = join(home.workspace, file);
  writeFileSync(path, '# mine');
  const kept = writeWorkspaceFile(home, file, '# solution');
  expect(readFileSync(path, 'utf8')).toBe('# solution');
  expect(readFileSync(kept ?? '', 'utf8')).toBe('# mine');

  writeFileSync(path, '# mine again');
  const second = resetWorkspaceFile(home, file, places);
  expect(readFileSync(path, 'utf8')).toBe(startingText(file, places));
  expect(readFileSync(second ?? '', 'utf8')).toBe('# mine again');
  expect(second).not.toBe(kept);
});

test('what the course wrote itself is not', () => {
  const file = 'gateway/dynamic.yaml';
  expect(writeWorkspaceFile(home, file, '# solution')).toBeUndefined();
  expect(writeWorkspaceFile(home, file, '# next')).toBeUndefined();
  expect(resetWorkspaceFile(home, file, places)).toBeUndefined();
  writeFileSync(join(home.workspace, '.written-by-the-course.json'), '{ damaged');
  expect(writeWorkspaceFile(home, file, '# solution')).toBeDefined();
});

describe('a copy of a compose file', () => {
  const file = 'compose.yaml';
  const path = join(home.workspace, file);
  const source = startingText(file, places);
  const older = source.replace('mongod --configsvr', 'mongod --quiet --configsvr');
  /** As a version of the course left it whose compose file was this one. */
  const writtenByOlder = (text: string): void => {
    resetWorkspaceFile(home, file, places);
    const hash = createHash('sha256').update(older).digest('hex');
    const notes = { [file]: { written: hash, madeFrom: hash } };
    writeFileSync(join(home.workspace, '.written-by-the-course.json'), JSON.stringify(notes));
    writeFileSync(path, text);
  };

  test('that nobody has changed becomes that of this version, and is then left alone', () => {
    writtenByOlder(older);
    expect(renewWorkspaceFile(home, file)).toBe('renewed');
    expect(readFileSync(path, 'utf8')).toBe(source);
    expect(renewWorkspaceFile(home, file)).toBe('current');
  });

  test('that the learner has changed stays his, and he is told, until he begins anew', () => {
    const his = `${older}\n# mine\n`;
    writtenByOlder(his);
    expect(renewWorkspaceFile(home, file)).toBe('outdated');
    expect(readFileSync(path, 'utf8')).toBe(his);
    const kept = resetWorkspaceFile(home, file, places);
    expect(readFileSync(kept ?? '', 'utf8')).toBe(his);
    expect(renewWorkspaceFile(home, file)).toBe('current');
  });

  test('that he has changed in this version is his affair', () => {
    resetWorkspaceFile(home, file, places);
    writeFileSync(path, `${source}\n# mine\n`);
    expect(renewWorkspaceFile(home, file)).toBe('current');
  });

  test('that is not there, or from before anybody took note, is left alone', () => {
    rmSync(path);
    expect(renewWorkspaceFile(home, file)).toBe('current');
    writtenByOlder(older);
    rmSync(join(home.workspace, '.written-by-the-course.json'));
    expect(renewWorkspaceFile(home, file)).toBe('current');
    expect(readFileSync(path, 'utf8')).toBe(older);
  });
});

test('a file that the course did not give cannot be brought back', () => {
  expect(() => resetWorkspaceFile(home, '../progress.json', places)).toThrow(
    expect.objectContaining({ code: 'unknown-file', remedy: expect.stringContaining('shop/cache.js') }),
  );
});
