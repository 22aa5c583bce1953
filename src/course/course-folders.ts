import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { dropped } from '../machine/debug-log.js';
import { readTitledText } from './front-matter.js';
import { stageIds } from './types.js';

/** The folders of a course's stages in the order in which they are taught; those of no stage come last. */
export async function stageFolders(course: string): Promise<readonly string[]> {
  const order: readonly string[] = stageIds;
  const place = (name: string): number => (order.includes(name) ? order.indexOf(name) : order.length);
  return (await foldersIn(course)).toSorted((a, b) => place(a) - place(b));
}

/** The lessons of a stage: those that its `stage.en.md` lists, in that order, and what is wrong with the list. */
export interface LessonFolders {
  readonly listed: readonly string[];
  /** Each as the end of a sentence about the stage's folder. */
  readonly faults: readonly string[];
}

export async function lessonFolders(stage: string): Promise<LessonFolders> {
  const source = await readFile(join(stage, 'stage.en.md'), 'utf8').catch((error) => dropped(error) ?? '');
  const listed = readTitledText(source)?.lessons ?? [];
  const there = await foldersIn(stage);
  const unlisted = there.filter((name) => !listed.includes(name));
  const missing = listed.filter((name) => !there.includes(name));
  const twice = listed.filter((name, index) => listed.indexOf(name) !== index);
  return {
    listed: listed.filter((name, index) => there.includes(name) && listed.indexOf(name) === index),
    faults: [
      ...unlisted.map((name) => `has the folder ${name}, which "lessons:" of its stage.en.md does not list`),
      ...missing.map((name) => `has no folder ${name}, which "lessons:" of its stage.en.md lists`),
      ...twice.map((name) => `lists ${name} twice in its stage.en.md`),
    ],
  };
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}
