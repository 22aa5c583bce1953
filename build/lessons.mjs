// Makes dist/course/lessons.mjs: the modules of all lessons in one file, which every command that knows the course
// reads. As some fifty files they took Node three times as long. Does nothing where that file is newer than all of them.
import { mkdirSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import writeFileAtomic from 'write-file-atomic';
import { isNewer } from './is-newer.mjs';
import { restOfProgram } from './rest-of-program.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const source = join(root, 'lessons');
const target = join(root, 'dist', 'course');
const bundle = join(target, 'lessons.mjs');

const stages = foldersOf(source);
const lessons = stages.flatMap((stage) =>
  foldersOf(join(source, stage)).map((lesson) => `${stage}/${lesson}`),
);
// The folders as well: a lesson that is taken out leaves no newer file.
const sources = readdirSync(source, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isDirectory() || entry.name.endsWith('.ts'))
  .map((entry) => join(entry.parentPath, entry.name));
const made = [source, ...sources, join(root, 'package-lock.json'), fileURLToPath(import.meta.url)];
if (!isNewer(bundle, made)) await make();

async function make() {
  const { build } = await import('esbuild');
  const imports = lessons.map((lesson, at) => `import * as lesson${at} from './${lesson}/lesson.ts';`);
  const entries = lessons.map((lesson, at) => `  '${lesson}': lesson${at},`);
  const { outputFiles } = await build({
    absWorkingDir: root,
    stdin: {
      contents: [...imports, 'export const lessons = {', ...entries, '};'].join('\n'),
      resolveDir: source,
    },
    outfile: bundle,
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    plugins: [restOfProgram({ root, source, target })],
  });
  mkdirSync(target, { recursive: true });
  for (const { path, contents } of outputFiles) writeFileAtomic.sync(path, contents);
}

function foldersOf(folder) {
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && /^\d+-/.test(entry.name))
    .map(({ name }) => name);
}
