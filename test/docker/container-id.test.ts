import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findLesson } from '../../src/course/catalog.js';
import { fill } from '../../src/lab/workspace/placeholders.js';
import { mongosh } from '../../src/lesson/lesson.js';
import { goTo } from '../../src/replay/goto.js';
import { typeStep } from '../../src/replay/run-step.js';
import { lookOnce, lookUntilPassed } from '../../src/replay/solve.js';
import { openTestLab, type TestLab } from '../e2e/support/test-lab.js';
import { portOffsetFor } from '../support/ports.js';

let testLab: TestLab;

beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor('docker-container-id'), 'docker');
});
afterAll(() => testLab.close());

describe.sequential('a set whose member is known by a container’s id', () => {
  const named = async () => {
    const { lab, grader, catalog } = testLab;
    const lesson = findLesson(catalog, 'sharding/config-server');
    return { lab, grader, lesson, checks: (await lookOnce(grader, lesson)).checks };
  };

  test('loses its primary when the container is replaced, and the mistake is still named', async () => {
    const { lab, grader, catalog } = testLab;
    const lesson = findLesson(catalog, 'sharding/config-server');
    await goTo({ catalog, lab, grader, target: lesson });
    await typeStep(mongosh('config1', 'rs.initiate()'), { lab, grader, lesson });
    await lab.down({ purge: false });
    await lab.up('sharding', () => {});

    const { checks } = await named();
    expect(checks.map(({ state, mistake }) => mistake ?? state)).toEqual(['pending', 'container-id-member']);
    expect(checks[0]?.observed).toContain('no primary');
  });

  test('is repaired by what the explanation says', async () => {
    const { lab, grader, lesson, checks } = await named();
    const forced = /```js\n(cfg = db\.getSiblingDB[\s\S]*?)```/.exec(checks[1]?.explanation ?? '')?.[1];
    await typeStep(mongosh('config1', fill(forced ?? '', lab.runtime)), { lab, grader, lesson });
    const verdict = await lookUntilPassed(grader, lesson);
    expect(verdict.checks.filter(({ state }) => state !== 'pass')).toEqual([]);
  });
});
