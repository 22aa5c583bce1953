import { defineConfig } from 'vitest/config';
import { CountsReporter } from '../support/counts-reporter.js';

// Real containers: one file at a time, because each brings up a whole stage. Run by `npm run test:docker`.
export default defineConfig({
  test: {
    reporters: ['verbose', new CountsReporter()],
    include: ['test/docker/**/*.test.ts'],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
  },
});
