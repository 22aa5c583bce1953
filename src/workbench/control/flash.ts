import { none } from '../state/state.js';
import type { Store } from '../state/store.js';

/** Milliseconds that a change stays marked. */
const flashMs = 1_000;

/** Ends each flash after its time: one redraw, then none. Gives the function that stops it. */
export function endFlashes(store: Store): () => void {
  let timer: NodeJS.Timeout | undefined;
  let seen = none;
  const unsubscribe = store.subscribe(() => {
    const { flashing } = store.getState();
    if (flashing === seen) return;
    seen = flashing;
    clearTimeout(timer);
    if (flashing.size > 0) timer = setTimeout(() => store.dispatch({ type: 'flash-over' }), flashMs);
  });
  return () => {
    clearTimeout(timer);
    unsubscribe();
  };
}
