import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package.js';

const packages = [...new Set(['src', 'lessons'].flatMap(packagesImportedLater))].sort();

/** The packages that sources below a folder import where they need them: `await import('ioredis')`. */
function packagesImportedLater(folder: string): string[] {
  const files = readdirSync(join(packageRoot, folder), { recursive: true, encoding: 'utf8' });
  return (
    files
      .filter((file) => /\.tsx?$/.test(file))
      .flatMap((file) => [
        ...readFileSync(join(packageRoot, folder, file), 'utf8').matchAll(/await import\('([^.'][^']*)'\)/g),
      ])
      .map(([, name = '']) => name)
      // Not in the bundle.
      .filter((name) => name !== '@lydell/node-pty')
  );
}

/** Imports each package, and prints what it exports: each name with its type, and the names that its default has. */
const entry = `
  const loaders = { ${packages.map((name) => `${JSON.stringify(name)}: () => import(${JSON.stringify(name)})`)} };
  const kindOf = (name, value) => name === 'default' ? [typeof value, Object.keys(value ?? {}).sort()] : typeof value;
  const found = {};
  for (const [name, load] of Object.entries(loaders)) {
    const { 'module.exports': _, ...exports } = await load();
    found[name] = Object.entries(exports).map(([name, value]) => [name, kindOf(name, value)]).sort();
  }
  console.log(JSON.stringify(found));
`;

test('a package that is imported where it is needed exports the same in the bundle as in Node', async () => {
  expect(packages).toContain('ioredis');
  // Below the package, as the build's output is.
  const folder = mkdtempSync(join(packageRoot, 'node_modules', '.msc-build-'));
  // In processes of their own: vitest has a meaning of `default` that is not Node's.
  const run = async (...args: string[]) => (await execa(process.execPath, args)).stdout;
  try {
    writeFileSync(join(folder, 'entry.mjs'), entry);
    await run(join(import.meta.dirname, 'support', 'bundle.mjs'), folder);
    const bundled = JSON.parse(await run(join(folder, 'bundle.mjs')));
    expect(bundled).toEqual(JSON.parse(await run(join(folder, 'entry.mjs'))));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
