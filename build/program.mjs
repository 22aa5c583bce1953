import { join } from 'node:path';
import { lessonModules } from './lesson-modules.mjs';
import { commonOptions, root } from './options.mjs';
import { packageImports } from './package-imports.mjs';

/** Ink loads its developer tools only if DEV is set, from packages that are not installed. */
const withoutDevtools = {
  name: 'without developer tools',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/devtools\.js$/ }, ({ path }) => ({ path, external: true }));
  },
};

/**
 * The whole program in dist/src: one build with shared chunks, so that a class such as `Problem` exists once in a
 * process. Entry points are the processes that the course starts, and `open`, which tests drive without a lab.
 * @type {import('esbuild').BuildOptions}
 */
export const program = {
  ...commonOptions,
  entryPoints: [
    'src/main.ts',
    'src/router/main.ts',
    'src/shop/traffic/main.ts',
    'src/exam/main.ts',
    'src/workbench/open.ts',
  ],
  outbase: 'src',
  outdir: 'dist/src',
  chunkNames: 'chunks/[name]-[hash]',
  splitting: true,
  define: { 'process.env.NODE_ENV': '"production"' },
  alias: { 'whatwg-url': join(root, 'build', 'native-url.cjs') },
  plugins: [lessonModules, packageImports, withoutDevtools],
};
