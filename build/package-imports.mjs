import { isBuiltin } from 'node:module';
import { pathToFileURL } from 'node:url';

const namespace = 'package import';

/**
 * `await import('a-package')` gives the same names in a bundle as in Node. esbuild makes a chunk of a CommonJS package
 * whose only export is `default`, so `const { Redis } = await import('ioredis')` would be undefined there.
 * @type {import('esbuild').Plugin}
 */
export const packageImports = {
  name: namespace,
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, pluginData, ...from }) => {
      if (kind !== 'dynamic-import' || isBuiltin(path) || pluginData === namespace) return undefined;
      const found = await resolve(path, { ...from, kind, pluginData: namespace });
      if (found.errors.length > 0 || found.external) return found;
      return { path, namespace, pluginData: { ...from, file: found.path } };
    });
    onLoad({ filter: /.*/, namespace }, async ({ path, pluginData: { resolveDir, file } }) => {
      const names = Object.keys(await import(pathToFileURL(file).href)).filter(
        (name) => name !== 'module.exports',
      );
      return { contents: `export { ${names.join(', ')} } from '${path}';`, resolveDir };
    });
  },
};
