import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Home } from '../../home.js';
import { dropped } from '../../machine/debug-log.js';
import { ensureFolder } from '../../machine/ensure-folder.js';
import { fileProblem } from '../../machine/file-problem.js';
import { packageRoot } from '../../package.js';
import { usageProblem } from '../../problem.js';
import type { Places } from '../addresses.js';
import type { Stack } from '../compose/service.js';
import { ownCompose, startingCompose } from './learner-compose.js';
import { fill } from './placeholders.js';

/**
 * The learner's own files: what the shop and the gateway load, and he writes. They begin as copies and are his from
 * then on; whatever the course puts in their place later, what he wrote is kept beside it.
 */
const startingFiles = join(packageRoot, 'assets', 'workspace');

/**
 * Makes the folders of the workspace that a stack's services read, with the files a learner starts from. A file that is
 * there is his: it is left as it is. Throws `disk-full` or `home-not-writable`.
 */
export function prepareWorkspace(home: Home, stack: Stack, places: Places): void {
  for (const folder of workspaceFolders(home, stack)) {
    ensureFolder(join(home.workspace, folder));
    for (const file of filesIn(join(startingFiles, folder))) {
      ensureWorkspaceFile(home, nameOf(join(folder, file)), places);
    }
  }
}

/** Where a file of the workspace (`shop/cache.js`) is on this machine. */
export function workspacePath(home: Home, file: string): string {
  return join(home.workspace, ...file.split('/'));
}

/** Makes a file of the workspace as it begins, where it is not there. */
export function ensureWorkspaceFile(home: Home, file: string, places: Places): void {
  if (!existsSync(workspacePath(home, file))) put(home, file, startingText(file, places));
}

/** Brings a file back as it began. Returns where what was in it is kept, if that was the learner's. Throws `unknown-file`. */
export function resetWorkspaceFile(home: Home, file: string, places: Places): string | undefined {
  const files = [ownCompose.file, ...filesIn(startingFiles).map(nameOf)];
  if (!files.includes(file)) {
    throw usageProblem(
      'unknown-file',
      `The workspace has no file '${file}'.`,
      `It has: ${files.join(', ')}.`,
    );
  }
  return writeWorkspaceFile(home, file, startingText(file, places));
}

/** Puts a text into a file. Returns where what was in it is kept, if that was the learner's. */
export function writeWorkspaceFile(home: Home, file: string, text: string): string | undefined {
  const kept = keepOwn(home, file);
  put(home, file, text);
  return kept;
}

/** A file of the workspace as a checkpoint keeps it, and where its text is. */
export interface KeptFile {
  readonly file: string;
  readonly from: string;
}

/**
 * Puts files of the workspace back as a checkpoint keeps them. What the learner has written since is kept beside. Gives
 * those that were changed, and where what was in them is kept, if that was the learner's.
 */
export function restoreWorkspace(
  home: Home,
  files: readonly KeptFile[],
): readonly { readonly file: string; readonly kept: string | undefined }[] {
  const note = files.find(({ file }) => file === notesFile);
  const thenNotes = note ? readNotes(note.from) : {};
  return files.flatMap(({ file, from }) => {
    if (file === notesFile) return [];
    const path = workspacePath(home, file);
    const text = readFileSync(from);
    if (existsSync(path) && readFileSync(path).equals(text)) return [];
    const kept = keepOwn(home, file);
    write(path, text);
    const { [file]: _, ...others } = notes(home);
    // Whether it is the learner's is as it was then.
    const known = thenNotes[file];
    write(noteOf(home), JSON.stringify(known ? { ...others, [file]: known } : others));
    return [{ file, kept }];
  });
}

/** What a file of the workspace begins as on this lab: addresses are filled in. @param file `gateway/dynamic.yaml` */
export function startingText(file: string, places: Places): string {
  const text = startingSource(file);
  return file === ownCompose.file ? text : fill(text, places);
}

/** The text that a file of the workspace is made of. */
export function startingSource(file: string): string {
  return file === ownCompose.file ? startingCompose() : readFileSync(join(startingFiles, file), 'utf8');
}

/** The folders below the workspace that services have mounted: `gateway`, `shop`. */
function workspaceFolders(home: Home, { services }: Stack): readonly string[] {
  const mounted = services.flatMap(({ mounts }) =>
    mounts.flatMap((mount) => (mount.kind === 'bind' ? [relative(home.workspace, mount.source)] : [])),
  );
  return [...new Set(mounted)].filter((folder) => !folder.startsWith('..'));
}

function filesIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)));
}

/** As it is called on every system: `shop/cache.js`. */
function nameOf(path: string): string {
  return path.split(sep).join('/');
}

/**
 * Brings a copy that nobody has changed up to date with this version of the course, and says what it found: `outdated`
 * is a file that the learner made from another version's. Only for files that begin without addresses filled in.
 */
export function renewWorkspaceFile(home: Home, file: string): 'current' | 'renewed' | 'outdated' {
  const path = workspacePath(home, file);
  const { madeFrom } = notes(home)[file] ?? {};
  const source = startingSource(file);
  if (!existsSync(path) || madeFrom === undefined || madeFrom === hash(source)) return 'current';
  const now = hash(read(path));
  if (now !== madeFrom && now !== hash(source)) return 'outdated';
  put(home, file, source);
  return now === hash(source) ? 'current' : 'renewed';
}

function put(home: Home, file: string, text: string): void {
  write(workspacePath(home, file), text);
  const note: Note = { written: hash(text), madeFrom: hash(startingSource(file)) };
  write(noteOf(home), JSON.stringify({ ...notes(home), [file]: note }));
}

/**
 * Keeps what is in a file as `cache.js.kept-1`. What the course wrote there, and nobody has touched since, need not be
 * kept.
 */
function keepOwn(home: Home, file: string): string | undefined {
  const path = workspacePath(home, file);
  if (!existsSync(path)) return undefined;
  const text = read(path);
  if (hash(text) === notes(home)[file]?.written) return undefined;
  let number = 1;
  while (existsSync(`${path}.kept-${number}`)) number += 1;
  const kept = `${path}.kept-${number}`;
  write(kept, text);
  return kept;
}

/** What the course remembers of a file, as hashes. */
interface Note {
  /** What it wrote into the file last. */
  readonly written: string;
  /** What the file begins as in the version of the course that wrote it. */
  readonly madeFrom: string;
}

function notes(home: Home): Readonly<Record<string, Note>> {
  return readNotes(noteOf(home));
}

function readNotes(path: string): Readonly<Record<string, Note>> {
  try {
    const kept = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Note | string>;
    // The first versions of the course wrote down one hash only.
    const asNote = (note: Note | string): Note =>
      typeof note === 'string' ? { written: note, madeFrom: note } : note;
    return Object.fromEntries(Object.entries(kept).map(([file, note]) => [file, asNote(note)]));
  } catch (error) {
    dropped(error);
    // None yet, or damaged: then whatever is there counts as the learner's.
    return {};
  }
}

const notesFile = '.written-by-the-course.json';

function noteOf(home: Home): string {
  return join(home.workspace, notesFile);
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw fileProblem(cause, path);
  }
}

function write(path: string, text: string | Buffer): void {
  ensureFolder(dirname(path));
  try {
    writeFileAtomic.sync(path, text);
  } catch (cause) {
    throw fileProblem(cause, path);
  }
}
