import { afterAll, beforeAll, describe } from 'vitest';
import { findLesson, loadCatalog } from '../../src/course/catalog.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import type { TestLab } from '../e2e/support/test-lab.js';
import { portOffsetFor } from '../support/ports.js';
import { readPlan } from './plan.js';
import { proveLesson } from './proof.js';
import { openProofLab } from './proof-lab.js';

/**
 * Proves the lessons of one lane, on a lab and ports of its own. A file of tests is one lane: vitest runs files side by
 * side, and tests of one file one after the other.
 */
export async function proveLane(number: number): Promise<void> {
  const { lanes, runtime, mistake, notAfter } = readPlan();
  const ids = lanes[number - 1] ?? [];
  const catalog = await loadCatalog<Lesson>();
  const portOffset = await portOffsetFor(`lane ${number}`);

  describe.sequential(`lane ${number}`, () => {
    let testLab: TestLab;
    beforeAll(async () => {
      testLab = await openProofLab({ portOffset, runtime, catalog });
    });
    afterAll(() => testLab?.close());

    for (const id of ids) {
      const scope = mistake === undefined ? 'all' : { only: mistake };
      proveLesson(findLesson(catalog, id), () => testLab, { runtime, scope, notAfter });
    }
  });
}
