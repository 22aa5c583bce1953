import { defineConfig } from 'vitest/config';
import { CountsReporter } from '../support/counts-reporter.js';

// The exam's solution five times, each with other faults at other moments: ten minutes, by hand. One run of it is in
// `npm test`, where the last lesson proves itself.
export default defineConfig({
  test: {
    reporters: ['verbose', new CountsReporter()],
    globalSetup: ['test/support/build.ts', 'test/support/programs.ts'],
    include: ['test/chaos/**/*.test.ts'],
    testTimeout: 900_000,
    hookTimeout: 900_000,
  },
});
