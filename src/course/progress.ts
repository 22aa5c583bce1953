import { readFileSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import { ensureFolder } from '../machine/ensure-folder.js';
import { fileVersion } from '../machine/file-version.js';
import { Problem } from '../problem.js';
import type { LessonId } from './types.js';

/** What is kept of one lesson. */
export interface LessonProgress {
  /** ISO time at which the learner first opened or checked it. */
  readonly startedAt: string;
  /** ISO time at which every check had passed for the first time. */
  readonly passedAt?: string | undefined;
  /** Whose work it was that passed it; missing in progress that was kept before it was asked: the learner's. */
  readonly passedBy?: 'learner' | 'course' | undefined;
  /**
   * ISO time at which the course began to type its solution; missing where the lab has nothing of it. What passes from
   * then on is the course's, and so are answers to its questions.
   */
  readonly helpedAt?: string | undefined;
  /** ISO time since which it is skipped: this machine cannot run the service it is about. */
  readonly skippedAt?: string | undefined;
  /** Checks of kind `event` that happened, by title, with what was observed then. */
  readonly events: Readonly<Record<string, string>>;
  /** By question. */
  readonly answers: Readonly<Record<string, string>>;
  /** By measurement, in its unit. Progress kept before there were measurements has none. */
  readonly measured?: Readonly<Record<string, number>> | undefined;
  /** What its checks keep between two looks, by names of theirs. */
  readonly remembered?: Readonly<Record<string, number>> | undefined;
  /** By recognised mistake, the ISO time at which it was first met; kept whatever becomes of the lab. */
  readonly mistakes?: Readonly<Record<string, string>> | undefined;
  /** What was answered and measured before the lesson was begun anew, so that it is not lost with its lab. */
  readonly lastGo?: Go | undefined;
  /** ISO time at which the lab was led to its start; missing where it never was since the lesson was opened. */
  readonly anewAt?: string | undefined;
}

/** What was answered and measured, and whether it was the course's doing. */
export type Go = Pick<LessonProgress, 'answers' | 'measured' | 'helpedAt'>;

/** What a learner has done so far; `current` is where he left off. */
export interface Progress {
  readonly formatVersion: 1;
  readonly current?: LessonId | undefined;
  readonly lessons: Readonly<Partial<Record<LessonId, LessonProgress>>>;
}

export const noProgress: Progress = { formatVersion: 1, lessons: {} };

/** A watcher reads it several times a look; it is parsed anew when it was written anew. */
let lastRead: { file: string; version: string; progress: Progress } | undefined;

/** A progress file that could not be read, and where it was kept. */
export interface DamagedProgress {
  readonly keptAs: string;
  readonly reason: string;
}

/**
 * Reads the progress file. Throws `progress-damaged` (whoever opens a home calls `setDamagedProgressAside` first, and
 * tells the learner), `progress-unreadable` where the system refuses to read it, `progress-too-new`.
 */
export function readProgress(file: string): Progress {
  const version = fileVersion(file);
  if (version && lastRead?.file === file && lastRead.version === version) return lastRead.progress;
  const source = readIfThere(file);
  if (source === undefined) return noProgress;
  try {
    const progress = parseProgress(source);
    lastRead = version ? { file, version, progress } : undefined;
    return progress;
  } catch (cause) {
    if (cause instanceof Problem) throw cause;
    throw new Problem(
      'progress-damaged',
      `Your progress in ${file} is damaged: ${(cause as Error).message}.`,
      {
        remedy: 'Run the command again: the file is kept aside, and progress starts anew.',
        cause,
      },
    );
  }
}

/**
 * Moves a damaged progress file to another name beside it, so that progress can start anew and nothing is lost.
 * Returns what was done, to be said to the learner; undefined where the file is sound or not there.
 */
export function setDamagedProgressAside(file: string): DamagedProgress | undefined {
  try {
    readProgress(file);
    return undefined;
  } catch (problem) {
    if (!(problem instanceof Problem) || problem.code !== 'progress-damaged') throw problem;
    const keptAs = `${file}.damaged-${new Date().toISOString().replaceAll(':', '-')}`;
    renameSync(file, keptAs);
    return { keptAs, reason: (problem.cause as Error).message };
  }
}

/** Writes the progress file atomically. Throws `progress-not-saved`. */
export async function writeProgress(file: string, progress: Progress): Promise<void> {
  const { default: writeFileAtomic } = await import('write-file-atomic');
  try {
    ensureFolder(dirname(file));
    await writeFileAtomic(file, `${JSON.stringify(progress, null, 2)}\n`);
  } catch (cause) {
    throw new Problem(
      'progress-not-saved',
      `Your progress could not be written to ${file}: ${(cause as Error).message}.`,
      {
        remedy: 'Make room or choose another folder with --home FOLDER; what is on disk is unharmed.',
        cause,
      },
    );
  }
}

/**
 * Reads, changes and writes while no other process does, so that a workbench and a command side by side keep each
 * other's work. Returns what was written; writes nothing where `change` returns what it was given. Throws
 * `progress-busy` after five seconds.
 */
export async function updateProgress(
  file: string,
  change: (progress: Progress) => Progress,
): Promise<Progress> {
  const progress = readProgress(file);
  // The usual case of a watcher, which must cost nothing.
  if (change(progress) === progress) return progress;
  const { withLock } = await import('../machine/lock.js');
  return withLock(`${file}.lock`, { purpose: 'progress', patience: 5_000 }, busy, async () => {
    const changed = change(readProgress(file));
    await writeProgress(file, changed);
    return changed;
  });
}

function busy({ pid }: { pid: number }): Problem {
  return new Problem('progress-busy', `Process ${pid} is writing your progress and does not end.`, {
    remedy: 'Try again; if it stays so, end that process.',
  });
}

/** The same progress with one lesson changed; a lesson seen for the first time is started `now`. */
export function withLesson(
  progress: Progress,
  id: LessonId,
  change: Partial<LessonProgress>,
  now: Date = new Date(),
): Progress {
  const before: LessonProgress = progress.lessons[id] ?? {
    startedAt: now.toISOString(),
    events: {},
    answers: {},
  };
  return { ...progress, lessons: { ...progress.lessons, [id]: { ...before, ...change } } };
}

/**
 * The same progress without what was seen and answered in these lessons: it belongs to a lab that is gone. What was
 * measured is set aside as that of the last go.
 */
export function withoutEvidence(
  progress: Progress,
  ids: readonly LessonId[],
  now: Date = new Date(),
): Progress {
  const anewAt = now.toISOString();
  const lessons = { ...progress.lessons };
  for (const id of ids) {
    const before = lessons[id];
    if (!before) continue;
    const lastGo = attemptToKeep(before);
    lessons[id] = {
      ...before,
      events: {},
      answers: {},
      measured: {},
      remembered: {},
      anewAt,
      ...(lastGo && { lastGo }),
    };
  }
  return { ...progress, lessons };
}

/** The same progress where these lessons begin without anything of the course's: their lab has none of it. */
export function withoutHelp(progress: Progress, ids: readonly LessonId[]): Progress {
  const lessons = { ...progress.lessons };
  for (const id of ids) {
    const { helpedAt, ...before } = lessons[id] ?? {};
    if (helpedAt !== undefined) lessons[id] = before as LessonProgress;
  }
  return { ...progress, lessons };
}

/** The newest go in which something was measured; what a learner measured himself goes before what the course did. */
export function attemptToKeep({ answers, measured = {}, helpedAt, lastGo }: LessonProgress): Go | undefined {
  if (Object.keys(measured).length === 0) return lastGo;
  if (helpedAt !== undefined && lastGo !== undefined && lastGo.helpedAt === undefined) return lastGo;
  return { answers, measured, ...(helpedAt === undefined ? {} : { helpedAt }) };
}

/**
 * `new`: never opened. `started`: opened, not passed yet. `passed`: every check has passed once. `skipped`: this machine
 * cannot run the service it is about.
 */
export type LessonState = 'new' | 'started' | 'passed' | 'skipped';

export function lessonState(progress: Progress, id: LessonId): LessonState {
  const lesson = progress.lessons[id];
  if (!lesson) return 'new';
  if (lesson.passedAt) return 'passed';
  return lesson.skippedAt ? 'skipped' : 'started';
}

function readIfThere(file: string): string | undefined {
  try {
    // Reading a named pipe would wait for ever.
    if (statSync(file, { throwIfNoEntry: false })?.isFIFO()) throw new Error('it is a named pipe');
    return readFileSync(file, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Problem(
      'progress-unreadable',
      `Your progress in ${file} cannot be read: ${(cause as Error).message}.`,
      {
        remedy: 'Give yourself the right to read it, or choose another folder with --home FOLDER.',
        cause,
      },
    );
  }
}

// By hand and not by a schema library, whose loading alone would double the time `list` takes.
function parseProgress(source: string): Progress {
  // Some editors begin a file with a byte order mark.
  const value: unknown = JSON.parse(source.replace(/^\uFEFF/, ''));
  if (!isRecord(value)) throw new Error('it holds no object');
  if (typeof value.formatVersion === 'number' && value.formatVersion > 1) {
    throw new Problem('progress-too-new', 'Your progress was written by a newer version of the course.', {
      remedy: 'Run that version: npx mongo-scale-course@latest',
    });
  }
  if (value.formatVersion !== 1) throw new Error('its formatVersion is not 1');
  if (value.current !== undefined && typeof value.current !== 'string') {
    throw new Error('"current" is no lesson id');
  }
  if (!isRecord(value.lessons)) throw new Error('"lessons" is no object');
  for (const [id, lesson] of Object.entries(value.lessons)) {
    if (!isLessonProgress(lesson)) throw new Error(`the entry of ${id} is not as it should be`);
  }
  return value as unknown as Progress;
}

/** Whether a value is what the course keeps of a lesson. */
export function isLessonProgress(lesson: unknown): lesson is LessonProgress {
  return (
    isRecord(lesson) &&
    typeof lesson.startedAt === 'string' &&
    ['string', 'undefined'].includes(typeof lesson.passedAt) &&
    ['string', 'undefined'].includes(typeof lesson.skippedAt) &&
    ['string', 'undefined'].includes(typeof lesson.helpedAt) &&
    [undefined, 'learner', 'course'].includes(lesson.passedBy as undefined) &&
    ['string', 'undefined'].includes(typeof lesson.anewAt) &&
    isRecordOf('string', lesson.events) &&
    isRecordOf('string', lesson.answers) &&
    (lesson.measured === undefined || isRecordOf('number', lesson.measured)) &&
    (lesson.remembered === undefined || isRecordOf('number', lesson.remembered)) &&
    (lesson.mistakes === undefined || isRecordOf('string', lesson.mistakes)) &&
    (lesson.lastGo === undefined ||
      (isRecord(lesson.lastGo) &&
        ['string', 'undefined'].includes(typeof lesson.lastGo.helpedAt) &&
        isRecordOf('string', lesson.lastGo.answers) &&
        isRecordOf('number', lesson.lastGo.measured)))
  );
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isRecordOf(type: 'string' | 'number', value: unknown): boolean {
  return isRecord(value) && Object.values(value).every((entry) => typeof entry === type);
}
