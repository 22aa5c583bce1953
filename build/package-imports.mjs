import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { root } from './options.mjs';

const name = 'package imports';

/**
 * `await import('a-package')` gives the same names in a bundle as in Node. esbuild makes a chunk of a CommonJS package
 * whose only export is `default`, so `const { Redis } = await import('ioredis')` would be undefined there.
 * @type {import('esbuild').Plugin}
 */
export const packageImports = {
  name,
  setup({ onResolve, onLoad, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, kind, pluginData, importer, namespace, resolveDir }) => {
      if (kind !== 'dynamic-import' || isBuiltin(path) || pluginData === name) return undefined;
      const found = await resolve(path, { kind, importer, namespace, resolveDir, pluginData: name });
      if (found.errors.length > 0 || found.external) return found;
      // As a .mjs file it has Node's meaning of `default`: all that a CommonJS package exports.
      const file = join(root, 'build', 'package-imports', `${path.replaceAll('/', '+')}.mjs`);
      return { path: file, pluginData: { package: path, file: found.path, resolveDir } };
    });
    onLoad({ filter: /[/\\]build[/\\]package-imports[/\\]/ }, async ({ pluginData }) => {
      const exported = Object.keys(await import(pathToFileURL(pluginData.file).href));
      const names = exported.filter((found) => found !== 'module.exports');
      return {
        contents: `export { ${names.join(', ')} } from '${pluginData.package}';`,
        resolveDir: pluginData.resolveDir,
      };
    });
  },
};
