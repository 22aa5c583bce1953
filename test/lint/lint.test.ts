import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { courseIn, ownCourse } from '../../src/course/catalog.js';
import { type LintReport, lintCourse } from '../../src/lint/lint.js';
import { planted, writeFaultyCourse } from './faulty-course.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-lint-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function lintWith(name: string, faults: typeof planted): Promise<LintReport> {
  const root = join(folder, name);
  await writeFaultyCourse(root, faults);
  return lintCourse(courseIn(root));
}

test('this course has nothing wrong', async () => {
  expect((await lintCourse(ownCourse)).findings).toEqual([]);
});

test('nor has a sound one', async () => {
  expect((await lintWith('sound', {})).findings).toEqual([]);
});

test('a folder that its stage does not list is found, and the listed lessons are looked at', async () => {
  await lintWith('unlisted', {});
  const stage = join(folder, 'unlisted', 'single-node');
  await mkdir(join(stage, 'draft'));
  const report = await lintCourse(courseIn(join(folder, 'unlisted')));
  expect(report).toMatchObject({
    lessons: 3,
    findings: [
      { where: 'single-node', rule: 'lessons-not-listed', message: expect.stringContaining('draft') },
    ],
  });
});

describe('of a course full of faults', () => {
  let report: LintReport;
  beforeAll(async () => {
    report = await lintWith('faulty', planted);
  });

  test.each(Object.entries(planted))('%s is found, and nothing else in its lesson', (name, { rule }) => {
    const found = report.findings.filter(({ where }) => new RegExp(`/${name}(/|$)`).test(where));
    expect(found.map((finding) => finding.rule)).toEqual([rule]);
  });

  test('the sound lessons have none', () => {
    expect(report.findings).toHaveLength(Object.keys(planted).length);
    expect(report.lessons).toBe(Object.keys(planted).length + 3);
  });
});
