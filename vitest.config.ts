import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';
import { CountsReporter } from './test/support/counts-reporter.js';
import { LongestFirst } from './test/support/longest-first.js';

// Two projects: `unit` is pure logic and rendering, side by side; `e2e` starts real servers, so it is
// given longer deadlines and as many workers as this machine can serve without one test starving another.
export default defineConfig({
  test: {
    reporters: ['default', new CountsReporter()],
    sequence: { sequencer: LongestFirst },
    // A deadline matters only to what fails; on a busy machine one second is none.
    expect: { poll: { timeout: 10_000 } },
    // `npm run coverage`: of the unit tests, since the end-to-end tests run the built program in processes of their own.
    coverage: {
      provider: 'v8',
      include: ['src/**/*.{ts,tsx}', 'lessons/**/*.ts'],
      reporter: ['text-summary', 'html', 'json-summary'],
      reportsDirectory: 'coverage',
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          // As above: on a busy machine reading all lessons takes longer than the default of 5 s.
          testTimeout: 30_000,
          include: ['test/**/*.test.{ts,tsx}'],
          exclude: ['test/e2e/**', 'test/docker/**', 'test/chaos/**', 'test/specs/**', 'test/prove/lane-*'],
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          globalSetup: ['test/support/build.ts', 'test/support/programs.ts'],
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          // One more than cores: these tests wait for elections and time-outs half of their time.
          maxWorkers: Math.min(4, availableParallelism() + 1),
          // After the unit tests, which are over in seconds.
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
