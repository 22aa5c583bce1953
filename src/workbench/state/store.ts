import type { Action } from './actions.js';
import { reduce } from './reducer.js';
import type { WorkbenchState } from './state.js';

/** The one state of an open workbench, and who wants to know when it changes. */
export interface Store {
  getState(): WorkbenchState;
  dispatch(action: Action): void;
  /** Called after every change of the state, and only then. */
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: WorkbenchState): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    getState: () => state,
    dispatch(action) {
      const next = reduce(state, action);
      if (next === state) return;
      state = next;
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
