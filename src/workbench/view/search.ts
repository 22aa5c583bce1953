import type { LessonId } from '../../course/types.js';
import type { Snapshot } from '../../lab/observe/snapshot.js';
import type { LabStanding, StageEntry } from '../course-session.js';
import type { Overlay } from '../state/state.js';
import { theme } from '../theme.js';
import { courseLines } from './course-lines.js';

/** The lessons in whose title or id every word of `search` is found, whatever its case, in the course's order. */
export function matchingLessons(stages: readonly StageEntry[], search: string): readonly LessonId[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  return stages
    .flatMap((stage) => stage.lessons)
    .filter(({ id, title }) => {
      const text = `${id} ${title}`.toLowerCase();
      return words.every((word) => text.includes(word));
    })
    .map(({ id }) => id);
}

interface SearchLinesOptions {
  readonly stages: readonly StageEntry[];
  readonly lab: LabStanding | undefined;
  readonly snapshot: Snapshot | undefined;
  readonly overlay: Extract<Overlay, { kind: 'search' }>;
  readonly width: number;
}

/** What was typed, and the lessons it finds under their stages; `cursorLine` is to be kept in sight. */
export function searchLines({ stages, lab, snapshot, overlay, width }: SearchLinesOptions): {
  lines: readonly string[];
  cursorLine: number;
} {
  const prompt = `${theme.focus('/')} ${overlay.draft}${theme.focus('▏')}`;
  const found = new Set(matchingLessons(stages, overlay.draft));
  if (found.size === 0) {
    return { lines: [prompt, '', theme.pending('No lesson has this in its title or id.')], cursorLine: 0 };
  }
  const list = courseLines({ stages, cursor: overlay.cursor, only: found, lab, snapshot, width });
  return { lines: [prompt, '', ...list.lines], cursorLine: list.cursorLine + 2 };
}
