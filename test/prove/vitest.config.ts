import { defineConfig } from 'vitest/config';
import { CountsReporter } from '../support/counts-reporter.js';

// The lanes of `npm run prove`, which says how many there are and what each of them proves.
export default defineConfig({
  test: {
    reporters: ['verbose', new CountsReporter()],
    globalSetup: ['test/support/build.ts', 'test/support/programs.ts'],
    include: ['test/prove/lane-*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 6,
  },
});
