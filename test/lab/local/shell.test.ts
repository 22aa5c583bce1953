import { execa } from 'execa';
import { afterEach, expect, test, vi } from 'vitest';
import { shellFor } from '../../../src/lab/local/shell.js';

afterEach(() => vi.unstubAllEnvs());

const shop = {
  name: 'shop1',
  image: 'node:22',
  program: 'node',
  args: [],
  environment: {},
  ports: [8081],
  mounts: [],
  dependsOn: [],
} as const;

test('a system shell knows the server it is beside, and which lab the course’s commands mean there', async () => {
  vi.stubEnv('SHELL', 'sh');
  // As where the workbench was opened with --home and --runtime.
  vi.stubEnv('MSC_HOME', '/somewhere/else');
  vi.stubEnv('MSC_RUNTIME', 'docker');
  const { file, args, env } = await shellFor(shop, '127.0.0.1:9081', {
    kind: 'system',
    home: '/home/ada/lab two',
    environment: { MONGODB_URL: 'mongodb://127.0.0.1:28017' },
    args: ['-c', 'echo "$MSC_SERVICE|$MSC_ADDRESS|$MSC_HOME|$MSC_RUNTIME|$MONGODB_URL"'],
  });
  const { stdout } = await execa(file, args, { env: env ?? {} });
  expect(stdout).toBe('shop1|127.0.0.1:9081|/home/ada/lab two|local|mongodb://127.0.0.1:28017');
});
