import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { expect, test } from 'vitest';
import { program } from '../../build/program.mjs';
import { packageRoot } from '../../src/package.js';

const packages = [...new Set(['src', 'lessons'].flatMap(packagesImportedLater))].sort();

/** The packages that sources below a folder import where they need them: `await import('ioredis')`. */
function packagesImportedLater(folder: string): string[] {
  const files = readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' });
  return files
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(packageRoot, folder, file), 'utf8').matchAll(/await import\('([^.'][^']*)'\)/g),
    ])
    .map(([, name = '']) => name)
    .filter((name) => !program.external.includes(name));
}

test('a package that is imported where it is needed has the same names in the bundle as in Node', async () => {
  expect(packages).toContain('ioredis');
  // Below the package, as the build's output is.
  const { entryPoints, outbase, ...options } = program;
  const folder = mkdtempSync(join(packageRoot, 'node_modules', '.msc-build-'));
  try {
    const loaders = packages.map((name) => `${JSON.stringify(name)}: () => import(${JSON.stringify(name)})`);
    await build({
      ...options,
      stdin: { contents: `export const loaders = { ${loaders.join(', ')} };`, resolveDir: packageRoot },
      outdir: folder,
      outExtension: { '.js': '.mjs' },
      write: true,
      banner: {
        js: "import { createRequire as creating } from 'node:module'; const require = creating(import.meta.url);",
      },
    });
    const { loaders: bundled } = (await import(pathToFileURL(join(folder, 'stdin.mjs')).href)) as {
      loaders: Record<string, () => Promise<object>>;
    };
    for (const name of packages) {
      const names = Object.keys(await import(name)).filter((found) => found !== 'module.exports');
      expect({ name, names: Object.keys((await bundled[name]?.()) ?? {}).sort() }).toEqual({
        name,
        names: names.sort(),
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
