import type { Store } from '../state/store.js';
import { isUnderWay } from '../state/work.js';
import { changeLines } from './changes.js';

export interface Telling {
  /** Runs a task that has the output for itself: what changed meanwhile is told after it. */
  silently<T>(task: () => Promise<T>): Promise<T>;
  stop(): void;
}

/** Says what changes in the state by itself; while the lab is brought somewhere, only once it is there. */
export function tellChanges(
  { getState, subscribe }: Store,
  width: number,
  say: (...lines: readonly string[]) => void,
): Telling {
  let told = getState();
  let silent = false;
  const tell = (): void => {
    const state = getState();
    if (silent || isUnderWay(state.work)) return;
    const lines = changeLines(told, state, width);
    told = state;
    say(...lines);
  };
  const stop = subscribe(tell);
  return {
    async silently(task) {
      silent = true;
      try {
        return await task();
      } finally {
        silent = false;
        tell();
      }
    },
    stop,
  };
}
