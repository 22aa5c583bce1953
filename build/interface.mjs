// Makes dist/interface/run.mjs: the workbench's interface with Ink, React and all they need for a first frame in one
// file, and what is loaded later in others beside it. As some six hundred modules, most of them es-toolkit's, it took
// Node twice as long. Does nothing where that file is newer than everything it is made of.
import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import writeFileAtomic from 'write-file-atomic';
import { commonJs } from './commonjs.mjs';
import { isNewer } from './is-newer.mjs';
import { licences } from './licences.mjs';
import { restOfProgram } from './rest-of-program.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'src', 'workbench');
const target = join(root, 'dist', 'interface');
const bundle = join(target, 'run.mjs');

/** Loaded when they are needed, not for the first frame; chalk is one for the whole program, as it has a state. */
const packages = ['@lydell/node-pty', '@xterm/*', 'execa', 'marked', 'marked-terminal', 'chalk'];

/** Ink loads its developer's tools where it is told to, and only then. */
const withoutDevtools = {
  name: 'without developer tools',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\/devtools\.js$/ }, ({ path }) => ({ path, external: true }));
  },
};

const sources = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile())
  .map((entry) => join(entry.parentPath, entry.name));
const made = [...sources, join(root, 'package-lock.json'), fileURLToPath(import.meta.url)];
if (!isNewer(bundle, made)) await make();

async function make() {
  const { build } = await import('esbuild');
  const { outputFiles, metafile } = await build({
    absWorkingDir: root,
    entryPoints: [join(source, 'run.ts')],
    outdir: target,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    define: { 'process.env.NODE_ENV': '"production"' },
    banner: { js: commonJs },
    external: packages,
    plugins: [restOfProgram({ root, source, target }), withoutDevtools],
  });
  // Parts are named by what is in them, so those of an older build would stay.
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  writeFileAtomic.sync(join(target, 'LICENSES.txt'), licences(root, Object.keys(metafile.inputs)));
  // Last, and in one step: it is what says that all the others are there.
  const parts = outputFiles.filter(({ path }) => path !== bundle);
  for (const { path, contents } of [...parts, ...outputFiles.filter(({ path }) => path === bundle)]) {
    writeFileAtomic.sync(path, contents);
  }
}
