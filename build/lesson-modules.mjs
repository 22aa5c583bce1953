import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './options.mjs';

const folder = join(root, 'lessons');

/**
 * In place of src/course/lesson-modules.ts, which imports each lesson from its source: the modules of all lessons in
 * one chunk. As some fifty files they took Node three times as long.
 * @type {import('esbuild').Plugin}
 */
export const lessonModules = {
  name: 'lesson modules',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]src[/\\]course[/\\]lesson-modules\.ts$/ }, () => {
      const stages = foldersOf(folder);
      const lessons = stages.flatMap((stage) =>
        foldersOf(join(folder, stage)).map((lesson) => `${stage}/${lesson}`),
      );
      const imports = lessons.map((lesson, at) => `import * as lesson${at} from './${lesson}/lesson.ts';`);
      const entries = lessons.map((lesson, at) => `  '${lesson}': lesson${at},`);
      const load = 'export const loadLessonModule = async (folder) => lessons[folder];';
      return {
        contents: [...imports, 'const lessons = {', ...entries, '};', load].join('\n'),
        resolveDir: folder,
        // A lesson folder that comes or goes, for `npm run dev`.
        watchDirs: [folder, ...stages.map((stage) => join(folder, stage))],
      };
    });
  },
};

function foldersOf(parent) {
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}
