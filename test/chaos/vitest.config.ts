import { defineConfig } from 'vitest/config';
import { CountsReporter } from '../support/counts-reporter.js';

// What takes minutes and rarely fails: the exam's solution five times, each with other faults at other moments, and ten
// kills of a primary. One of each is in `npm test`; all of it is part of `npm run test:full`.
export default defineConfig({
  test: {
    reporters: ['verbose', new CountsReporter()],
    globalSetup: ['test/support/build.ts', 'test/support/programs.ts'],
    include: ['test/chaos/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
    // Both measure what customers see, and would starve each other.
    fileParallelism: false,
  },
});
