import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  attemptToKeep,
  type LessonProgress,
  lessonState,
  noProgress,
  readProgress,
  setDamagedProgressAside,
  updateProgress,
  withLesson,
  withoutEvidence,
  withoutHelp,
  writeProgress,
} from '../../src/course/progress.js';

let folder: string;
let file: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'msc-progress-'));
  file = join(folder, 'home', 'progress.json');
});
afterEach(async () => {
  await chmod(folder, 0o700);
  await rm(folder, { recursive: true, force: true });
});

describe('progress', () => {
  test('is empty before the first lesson, and survives being written and read', async () => {
    expect(readProgress(file)).toBe(noProgress);
    const written = await updateProgress(file, (progress) =>
      withLesson({ ...progress, current: 'sharding/zones' }, 'sharding/zones', {
        answers: { owner: 'shard2' },
      }),
    );
    expect(readProgress(file)).toEqual(written);
    expect(lessonState(written, 'sharding/zones')).toBe('started');
    expect(lessonState(written, 'sharding/reshard')).toBe('new');
  });

  test('tells a lesson that this machine cannot do from one that is passed', async () => {
    const skipped = withLesson(noProgress, 'gateway/edge-cache', { skippedAt: '2026-11-20T19:00:00.000Z' });
    expect(lessonState(skipped, 'gateway/edge-cache')).toBe('skipped');
    const later = withLesson(skipped, 'gateway/edge-cache', {
      skippedAt: undefined,
      passedAt: '2026-11-20T20:00:00.000Z',
    });
    expect(lessonState(later, 'gateway/edge-cache')).toBe('passed');
  });

  test('does not take a damaged list of mistakes, or of an earlier go, for a sound one', async () => {
    const damaged = [
      { mistakes: { 'not-router': 3 } },
      { passedBy: 'nobody' },
      { helpedAt: 3 },
      { lastGo: { answers: {} } },
      { lastGo: { answers: {}, measured: {}, helpedAt: 3 } },
      { lastGo: { answers: {}, measured: { lost: '3' } } },
    ];
    for (const change of damaged) {
      await writeProgress(file, withLesson(noProgress, 'sharding/zones', change as Partial<LessonProgress>));
      expect(() => readProgress(file)).toThrow('the entry of sharding/zones');
    }
  });

  test('leaves no half-written file beside it', async () => {
    await updateProgress(file, (progress) => withLesson(progress, 'sharding/zones', {}));
    expect(await readdir(join(folder, 'home'))).toEqual(['progress.json']);
  });

  test('keeps what is written at the same time by many', async () => {
    const answers = Array.from({ length: 12 }, (_, index) => String(index));
    await Promise.all(
      answers.map((answer) =>
        updateProgress(file, (progress) =>
          withLesson(progress, 'sharding/zones', {
            answers: { ...progress.lessons['sharding/zones']?.answers, [answer]: answer },
          }),
        ),
      ),
    );
    expect(Object.keys(readProgress(file).lessons['sharding/zones']?.answers ?? {})).toHaveLength(12);
  });

  test('is not written when nothing changed', async () => {
    await updateProgress(file, (progress) => progress);
    expect(readProgress(file)).toBe(noProgress);
    await expect(readFile(file)).rejects.toThrow('ENOENT');
  });

  test.each([
    ['cut short', '{"formatVersion": 1, "less'],
    ['another document', '[]'],
    [
      'a lesson without its start',
      '{"formatVersion":1,"lessons":{"sharding/zones":{"events":{},"answers":{}}}}',
    ],
    [
      'a measurement that is no number',
      '{"formatVersion":1,"lessons":{"a/b":{"startedAt":"x","events":{},"answers":{},"measured":{"y":"1"}}}}',
    ],
    [
      'an event that is no text',
      '{"formatVersion":1,"lessons":{"a/b":{"startedAt":"x","events":{"y":1},"answers":{}}}}',
    ],
  ])('that is damaged (%s) is kept aside and reported', async (_, damaged) => {
    await updateProgress(file, (progress) => withLesson(progress, 'sharding/zones', {}));
    await writeFile(file, damaged);
    expect(() => readProgress(file)).toThrow(expect.objectContaining({ code: 'progress-damaged' }));
    const aside = setDamagedProgressAside(file);
    expect(await readFile(aside?.keptAs ?? '', 'utf8')).toBe(damaged);
    expect(readProgress(file)).toBe(noProgress);
    expect(setDamagedProgressAside(file)).toBeUndefined();
  });

  test('of a newer course is refused and left as it is', async () => {
    await updateProgress(file, (progress) => withLesson(progress, 'sharding/zones', {}));
    await writeFile(file, '{"formatVersion": 2}');
    expect(() => readProgress(file)).toThrow(expect.objectContaining({ code: 'progress-too-new' }));
    expect(await readFile(file, 'utf8')).toBe('{"formatVersion": 2}');
  });

  test('that cannot be written says where and what to do', async () => {
    await writeFile(join(folder, 'home'), 'a file where the folder should be');
    await expect(updateProgress(file, (p) => withLesson(p, 'sharding/zones', {}))).rejects.toMatchObject({
      remedy: expect.stringContaining('--home'),
    });
  });

  test('forgets what was seen in a lab that is gone, but not that a lesson was passed', () => {
    const before = withLesson(noProgress, 'sharding/zones', {
      passedAt: '2026-01-01',
      events: { seen: 'x' },
      answers: { owner: 'shard1' },
      measured: { outage: 11.2 },
    });
    const after = withoutEvidence(before, ['sharding/zones', 'sharding/reshard']);
    expect(after.lessons['sharding/zones']).toMatchObject({
      passedAt: '2026-01-01',
      events: {},
      answers: {},
      measured: {},
    });
    expect(after.lessons['sharding/reshard']).toBeUndefined();
  });

  test('forgets that the course helped only where the lab has nothing of it any more', () => {
    const helped = withLesson(noProgress, 'sharding/zones', {
      helpedAt: '2026-01-01',
      passedAt: '2026-01-01',
      passedBy: 'course',
    });
    const anew = withoutEvidence(helped, ['sharding/zones']);
    expect(anew.lessons['sharding/zones']).toMatchObject({ helpedAt: '2026-01-01' });
    const begun = withoutHelp(anew, ['sharding/zones', 'sharding/reshard']);
    expect(begun.lessons['sharding/zones']).not.toHaveProperty('helpedAt');
    expect(begun.lessons['sharding/zones']).toMatchObject({ passedBy: 'course' });
    expect(begun.lessons['sharding/reshard']).toBeUndefined();
  });

  test('keeps what a learner measured when the course measures it again on its way', () => {
    const own = withLesson(noProgress, 'sharding/zones', { answers: { a: '3' }, measured: { a: 4 } });
    const replayed = withLesson(withoutEvidence(own, ['sharding/zones']), 'sharding/zones', {
      helpedAt: '2026-01-01',
      answers: { a: '9' },
      measured: { a: 5 },
    });
    const kept = { answers: { a: '3' }, measured: { a: 4 } };
    expect(attemptToKeep(replayed.lessons['sharding/zones'] as LessonProgress)).toEqual(kept);
    expect(withoutEvidence(replayed, ['sharding/zones']).lessons['sharding/zones']?.lastGo).toEqual(kept);
  });
});

test('a progress file that begins with a byte order mark is sound', async () => {
  await writeFile(join(folder, 'progress.json'), `\uFEFF${JSON.stringify(noProgress)}`);
  expect(readProgress(join(folder, 'progress.json'))).toEqual(noProgress);
});

test.skipIf(process.platform === 'win32')(
  'a progress file that is a named pipe is a problem, and not waited for',
  async () => {
    const pipe = join(folder, 'progress.json');
    await execa('mkfifo', [pipe]);
    expect(() => readProgress(pipe)).toThrow(
      expect.objectContaining({
        code: 'progress-unreadable',
        message: expect.stringContaining('named pipe'),
      }),
    );
  },
);
