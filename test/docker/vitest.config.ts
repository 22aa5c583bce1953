import { defineConfig } from 'vitest/config';
import { CountsReporter } from '../support/counts-reporter.js';
import { LongestFirst } from '../support/longest-first.js';

// Real containers. Two files at a time: the lessons take longer than all others together and mostly wait for servers.
// Run by `npm run test:docker`.
export default defineConfig({
  test: {
    reporters: ['verbose', new CountsReporter()],
    include: ['test/docker/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    maxWorkers: 2,
    sequence: { sequencer: LongestFirst },
  },
});
