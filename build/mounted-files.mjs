import { cpSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { commonOptions, root } from './options.mjs';

/**
 * Each process that also runs in a container: one self-contained file, which the container mounts.
 * @type {import('esbuild').BuildOptions[]}
 */
export const mountedFiles = [
  { ...commonOptions, entryPoints: ['src/shop/api/main.ts'], outfile: 'dist/shop/shop.mjs' },
  { ...commonOptions, entryPoints: ['src/lab/checkpoint/agent.ts'], outfile: 'dist/checkpoint/agent.mjs' },
];

/** The files of the shop's page at /docs, which Swagger UI brings. */
export function copyShopDocs() {
  const require = createRequire(import.meta.url);
  const from = join(dirname(require.resolve('@fastify/swagger-ui/package.json')), 'static');
  const unused = ['csp.json', 'swagger-ui.js'];
  cpSync(from, join(root, 'dist', 'shop', 'static'), {
    recursive: true,
    filter: (file) => !unused.some((name) => file === join(from, name)),
  });
}
