import { defineConfig } from 'vitest/config';
import { CountsReporter } from '../support/counts-reporter.js';

// The driver's published specification against a router, by hand: MSC_CRUD_SPECS=FOLDER npm run test:specs
export default defineConfig({
  test: {
    reporters: ['default', new CountsReporter()],
    globalSetup: ['test/support/build.ts', 'test/support/programs.ts'],
    include: ['test/specs/**/*.test.ts'],
    testTimeout: 30_000,
    hookTimeout: 180_000,
  },
});
