import { describe, expect, test } from 'vitest';
import { loadCatalog } from '../../src/course/catalog.js';
import { stageIds } from '../../src/course/types.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { readArguments } from './arguments.js';
import { fifthOf } from './choice.js';
import { choose } from './choose.js';

const catalog = await loadCatalog<Lesson>();
const commit = 'ed32596a689f65d18dbddfdb8b092c6c770a07a8';
const ranks = (...args: Parameters<typeof choose>) =>
  choose(...args).ranks.map((rank) => rank.map(({ id }) => id));
const nothing = { names: [], fifth: false, mistake: undefined };

describe('the choice', () => {
  test('has the lessons and the stages that were named', () => {
    const names = ['zones', 'single-node'];
    const [chosen] = ranks(catalog, { ...nothing, names }, { commit });
    expect(chosen).toEqual([
      ...catalog.lessons.filter(({ stage }) => stage === 'single-node').map(({ id }) => id),
      'sharding/zones',
    ]);
  });

  test('names no lesson twice', () => {
    const changes = { since: 'since HEAD', affected: { lessons: ['sharding/zones'], broad: [] } } as const;
    const chosen = ranks(catalog, { ...nothing, names: ['zones'], fifth: true }, { changes, commit }).flat();
    expect(chosen.length).toBe(new Set(chosen).size);
  });

  test('has one lesson of each stage where a change may affect any, and says of which file', () => {
    const changes = { since: 'since HEAD', affected: { lessons: [], broad: ['src/lab/lab.ts'] } };
    const { ranks: chosen, reasons } = choose(catalog, nothing, { changes, commit });
    expect(chosen.flat().map(({ stage }) => stage)).toEqual(stageIds);
    expect(reasons.join('\n')).toContain('src/lab/lab.ts');
    expect(reasons.join('\n')).toContain('ed32596a');
  });

  test('refuses a mistake that the lesson does not have, naming those it has', () => {
    expect(() => choose(catalog, { ...nothing, names: ['zones'], mistake: 'no-such' }, { commit })).toThrow(
      expect.objectContaining({ code: 'wrong-use', remedy: expect.stringContaining('two-shards') }),
    );
  });
});

test('five commits in a row of turns prove every lesson', () => {
  const turns = [0, 1, 2, 3, 4].map((turn) => turn.toString(16).padStart(8, '0'));
  const proven = turns.flatMap((turn) => fifthOf(catalog.lessons, turn));
  expect(proven.map(({ id }) => id).sort()).toEqual(catalog.lessons.map(({ id }) => id).sort());
});

describe('the command line', () => {
  test('reads names and options', () => {
    expect(readArguments(['sharding/zones', '--docker', '--mistake', 'two-shards'])).toMatchObject({
      names: ['sharding/zones'],
      runtime: 'docker',
      mistake: 'two-shards',
      changed: false,
    });
    expect(readArguments(['--since', 'HEAD~3', '--fifth', '--within', '300'])).toMatchObject({
      changed: true,
      since: 'HEAD~3',
      fifth: true,
      within: 300,
    });
  });

  test.each([
    [[]],
    [['--no-such-option']],
    [['zones', 'reshard', '--mistake', 'two-shards']],
    [['zones', '--within', 'soon']],
  ])('refuses %j with its usage', (args) => {
    expect(() => readArguments(args)).toThrow(
      expect.objectContaining({
        code: 'wrong-use',
        exitCode: 2,
        remedy: expect.stringContaining('--changed'),
      }),
    );
  });
});
