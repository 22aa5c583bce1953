// node bundle.mjs FOLDER: bundles FOLDER/entry.mjs as the program is, into FOLDER/bundle.mjs and its chunks.
import { join } from 'node:path';
import { build } from 'esbuild';
import { program } from '../../../build/program.mjs';

const [folder] = process.argv.slice(2);
const { outbase, ...options } = program;
await build({
  ...options,
  entryPoints: { bundle: join(folder, 'entry.mjs') },
  outdir: folder,
  outExtension: { '.js': '.mjs' },
  write: true,
  banner: {
    js: "import { createRequire as creating } from 'node:module'; const require = creating(import.meta.url);",
  },
});
