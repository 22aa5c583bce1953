import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of package.json. */
export const root = join(dirname(fileURLToPath(import.meta.url)), '..');

/**
 * Packages that the MongoDB driver uses only where they are installed, and the one that npm may leave out.
 * Everything else is in the bundles, so that a learner's `npx` fetches one package.
 */
const optionalPackages = [
  '@aws-sdk/credential-providers',
  '@lydell/node-pty',
  '@mongodb-js/zstd',
  'aws4',
  'gcp-metadata',
  'kerberos',
  'mongodb-client-encryption',
  'snappy',
  'socks',
];

/**
 * What all bundles have in common. Not minified: a stack trace must name functions and lines that can be found.
 * @type {import('esbuild').BuildOptions}
 */
export const commonOptions = {
  absWorkingDir: root,
  bundle: true,
  write: false,
  metafile: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  external: optionalPackages,
};
