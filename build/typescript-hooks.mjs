import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { transform } from 'esbuild';

/** Sources import each other by the name that a compiler would give them: `./x.js` is `./x.ts` or `./x.tsx`. */
export function resolve(specifier, context, next) {
  const source =
    /^\.\.?\/.*\.js$/.test(specifier) && context.parentURL && sourceOf(specifier, context.parentURL);
  return next(source || specifier, context);
}

function sourceOf(specifier, parent) {
  return ['.ts', '.tsx']
    .map((extension) => new URL(specifier.replace(/\.js$/, extension), parent).href)
    .find((url) => existsSync(fileURLToPath(url)));
}

export async function load(url, context, next) {
  if (!/\.tsx?$/.test(url)) return next(url, context);
  const file = fileURLToPath(url);
  const { code } = await transform(await readFile(file, 'utf8'), {
    loader: url.endsWith('x') ? 'tsx' : 'ts',
    jsx: 'automatic',
    format: 'esm',
    target: 'node20.19',
    sourcefile: file,
    sourcemap: 'inline',
  });
  return { format: 'module', source: code, shortCircuit: true };
}
