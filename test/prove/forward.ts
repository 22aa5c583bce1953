import { afterAll, beforeAll, describe, vi } from 'vitest';
import { findStage, loadCatalog } from '../../src/course/catalog.js';
import type { StageId } from '../../src/course/types.js';
import type { RuntimeKind } from '../../src/lab/runtime.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { openTestLab, type TestLab } from '../e2e/support/test-lab.js';
import { proveLesson } from './proof.js';

interface ForwardOptions {
  readonly portOffset: number;
  readonly runtime?: RuntimeKind;
  /** Lessons of which every mistake is made, and not only those that leave the lab as it was. */
  readonly whole?: readonly string[];
}

const catalog = await loadCatalog<Lesson>();

/**
 * Proves start and solution of every lesson of these stages on one lab, as a learner has it: each lesson goes on from
 * the one before, so nothing has to be restored.
 */
export function proveForward(
  stages: readonly StageId[],
  { portOffset, runtime = 'local', whole = [] }: ForwardOptions,
): void {
  describe.sequential(`the lessons of ${stages.join(', ')} prove themselves`, () => {
    let testLab: TestLab;
    beforeAll(async () => {
      // Nothing is restored here, and a checkpoint at each of fifty starts would be copied for nothing.
      vi.stubEnv('MSC_CHECKPOINTS', whole.length > 0 ? undefined : '0');
      testLab = await openTestLab(portOffset, runtime);
    });
    afterAll(async () => {
      vi.unstubAllEnvs();
      await testLab?.close();
    });

    for (const lesson of stages.flatMap((id) => findStage(catalog, id).lessons)) {
      const scope = whole.includes(lesson.id) ? 'all' : 'answers';
      proveLesson(lesson, () => testLab, { runtime, scope });
    }
  });
}
