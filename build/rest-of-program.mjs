import { join, relative, sep } from 'node:path';

/**
 * What a bundle is not made of stays the module that the rest of the program has: a Problem must be a Problem.
 * @param {{ root: string, source: string, target: string }} folders the package, what the bundle is made of, and where it lies
 * @returns {import('esbuild').Plugin}
 */
export const restOfProgram = ({ root, source, target }) => ({
  name: 'rest of the program',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.?\// }, ({ path, resolveDir }) => {
      if (!resolveDir.startsWith(source)) return undefined;
      const file = join(resolveDir, path);
      if (file.startsWith(source + sep)) return undefined;
      const compiled = relative(target, join(root, 'dist', relative(root, file)));
      return { path: compiled.split(sep).join('/'), external: true };
    });
  },
});
