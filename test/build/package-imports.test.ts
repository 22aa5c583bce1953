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
      loaders: Record<string, () => Promise<Record<string, unknown>>>;
    };
    for (const name of packages) {
      expect({ name, exports: kindsOf(await bundled[name]?.()) }).toEqual({
        name,
        exports: kindsOf(await import(name)),
      });
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

/** What a module exports: each name with its type, and the names that its default has. */
function kindsOf(module: Readonly<Record<string, unknown>> = {}): Record<string, string> {
  const { 'module.exports': _, ...exports } = module;
  const kinds = Object.entries(exports).map(([name, value]) => [
    name,
    name === 'default' ? `${typeof value} ${Object.keys(value ?? {}).sort()}` : typeof value,
  ]);
  return Object.fromEntries(kinds.sort());
}
