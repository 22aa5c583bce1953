import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { licences } from './licences.mjs';
import { root } from './options.mjs';

/** What CommonJS packages expect of Node, for a bundle that holds one. */
const commonJs = `import { createRequire as createRequireOfBundle } from 'node:module';
const require = createRequireOfBundle(import.meta.url);
const __dirname = import.meta.dirname;
const __filename = import.meta.filename;
`;

/**
 * Writes a build: chunks first, entry points last and each in one step, so that a process which starts meanwhile
 * finds a whole program. A file that has not changed is left alone, and one that is no longer made is removed.
 * Beside the files lie the licenses of the packages in them.
 * @type {import('esbuild').Plugin}
 */
export const writeOutputs = {
  name: 'write outputs',
  setup({ initialOptions, onEnd }) {
    const folder = join(root, initialOptions.outdir ?? dirname(initialOptions.outfile));
    onEnd(({ errors, outputFiles, metafile }) => {
      if (errors.length > 0) return;
      const files = new Map(outputFiles.map(({ path, text }) => [path, withCommonJs(text)]));
      const isEntry = (path) => !path.startsWith(join(folder, 'chunks'));
      for (const [path, text] of [...files].sort(([a], [b]) => Number(isEntry(a)) - Number(isEntry(b)))) {
        write(path, text);
      }
      write(join(folder, 'LICENSES.txt'), licences(root, Object.keys(metafile.inputs)));
      removeOthers(join(folder, 'chunks'), new Set(files.keys()));
    });
  },
};

/** Puts the CommonJS part behind a `#!` line. */
function withCommonJs(text) {
  if (!/\b(require|__dirname|__filename)\b/.test(text)) return text;
  const start = text.startsWith('#!') ? text.indexOf('\n') + 1 : 0;
  return text.slice(0, start) + commonJs + text.slice(start);
}

function write(path, text) {
  if (existsSync(path) && readFileSync(path, 'utf8') === text) return;
  mkdirSync(dirname(path), { recursive: true });
  writeFileAtomic.sync(path, text);
}

function removeOthers(folder, paths) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) if (!paths.has(join(folder, name))) rmSync(join(folder, name));
}
