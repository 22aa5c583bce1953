import type { LessonId } from '../../course/types.js';
import type { Overlay } from '../state/state.js';
import type { Store } from '../state/store.js';
import { matchingLessons } from '../view/search.js';
import type { Movement } from './movement.js';
import { printable } from './printable.js';

type SearchOverlay = Extract<Overlay, { kind: 'search' }>;

export interface Searching {
  open(): void;
  move(movement: Movement): void;
  type(text: string): void;
  erase(): void;
  /** The lesson under the cursor; undefined where nothing was found. */
  chosen(): LessonId | undefined;
}

/** Longer than any title. */
const longest = 60;

/** The prompt in which a lesson is found by its title or id, filtered at each key. */
export function createSearching({ getState, dispatch }: Store): Searching {
  const found = (overlay: SearchOverlay): readonly LessonId[] =>
    matchingLessons(getState().stages, overlay.draft);

  const change = (with_: (overlay: SearchOverlay) => SearchOverlay): void => {
    const { overlay } = getState();
    if (overlay?.kind !== 'search') return;
    const changed = with_(overlay);
    const lessons = found(changed);
    // The cursor stays where it is as long as its lesson is among those found.
    const kept = lessons.find((id) => id === changed.cursor) ?? lessons[0];
    dispatch({ type: 'overlay-opened', overlay: { ...changed, cursor: kept } });
  };

  return {
    open() {
      const { cursor, view, screen } = getState();
      const at = screen === 'lesson' ? view?.lesson.id : cursor;
      dispatch({ type: 'overlay-opened', overlay: { kind: 'search', draft: '', cursor: at } });
    },
    move: (movement) =>
      change((overlay) => {
        const lessons = found(overlay);
        const index = overlay.cursor === undefined ? -1 : lessons.indexOf(overlay.cursor);
        const next = Math.max(0, Math.min(lessons.length - 1, index + (movement === 'up' ? -1 : 1)));
        return { ...overlay, cursor: lessons[next] };
      }),
    type: (text) =>
      change((overlay) => ({ ...overlay, draft: (overlay.draft + printable(text)).slice(0, longest) })),
    erase: () => change((overlay) => ({ ...overlay, draft: overlay.draft.slice(0, -1) })),
    chosen() {
      const { overlay } = getState();
      if (overlay?.kind !== 'search' || overlay.cursor === undefined) return undefined;
      return found(overlay).includes(overlay.cursor) ? overlay.cursor : undefined;
    },
  };
}
