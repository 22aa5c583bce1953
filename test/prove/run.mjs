// Runs main.ts as vitest runs tests: from its sources, without a build.
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

// Its lessons are imported by addresses that are known at run time only, which is all that Vite would warn of.
await runnerImport(fileURLToPath(new URL('main.ts', import.meta.url)), {
  configFile: false,
  logLevel: 'error',
});
