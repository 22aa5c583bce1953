import { appendFileSync } from 'node:fs';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the run with one plain line, `vitest: 12 passed, 0 failed`, for whoever reads logs by machine, after a line for
 * each test that was skipped with a reason. The line also goes into the file that MSC_COUNTS names, for totals.
 */
export class CountsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const skips: string[] = [];
    const counts = { passed: 0, failed: unhandledErrors.length, skipped: 0 };
    for (const module of modules) {
      const tests = [...module.children.allTests()];
      for (const test of tests) {
        const { state } = test.result();
        if (state !== 'pending') counts[state] += 1;
        const { note } = test.result() as { note?: string | undefined };
        if (state === 'skipped' && note !== undefined) skips.push(`skipped: ${test.fullName}: ${note}`);
      }
      // A file that cannot even be loaded has no tests to count.
      if (tests.length === 0 && module.errors().length > 0) counts.failed += 1;
    }
    const line = `vitest: ${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`;
    process.stdout.write(`\n${[...skips, line].join('\n')}\n`);
    if (process.env.MSC_COUNTS) appendFileSync(process.env.MSC_COUNTS, `${line}\n`);
  }
}
