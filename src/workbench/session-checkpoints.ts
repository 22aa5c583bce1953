import type { Catalog } from '../course/catalog.js';
import type { Grader } from '../grading/grader.js';
import { whyUnfit } from '../lab/checkpoint/restore.js';
import { bytesOf } from '../lab/checkpoint/size.js';
import { findCheckpoint } from '../lab/checkpoint/store.js';
import type { Lab } from '../lab/lab.js';
import type { Lesson } from '../lesson/lesson.js';
import type { GotoEvent } from '../replay/goto-event.js';
import {
  type CheckpointEntry,
  entryOf,
  listCheckpoints,
  restoreSaved,
  saveCheckpoint,
} from '../replay/saved-checkpoints.js';

/** The checkpoints of the learner's home, as the workbench works with them. */
export interface SessionCheckpoints {
  list(): Promise<readonly CheckpointEntry[]>;
  /** The checkpoint of this name. Rejects where there is none. */
  find(name: string): Promise<CheckpointEntry>;
  /** Keeps the lab as it is now. */
  save(name: string): Promise<void>;
  /** Brings the lab back to a checkpoint. */
  restore(name: string, onEvent: (event: GotoEvent) => void, signal: AbortSignal): Promise<void>;
}

interface Parts {
  readonly lab: Lab;
  readonly catalog: Catalog<Lesson>;
  readonly grader: Grader;
  /** Runs work that changes what runs. */
  readonly work: (task: () => Promise<void>) => Promise<void>;
}

export function sessionCheckpoints({ lab, catalog, grader, work }: Parts): SessionCheckpoints {
  return {
    list: async () => (await listCheckpoints(lab)).checkpoints,
    async find(name) {
      const manifest = findCheckpoint(lab.home, name);
      return entryOf(manifest, bytesOf(lab.home, manifest), await whyUnfit(lab, manifest));
    },
    async save(name) {
      await saveCheckpoint({ lab, catalog, grader }, name);
    },
    restore: (name, onEvent, signal) =>
      work(() => restoreSaved({ lab, catalog, onEvent, signal }, findCheckpoint(lab.home, name))),
  };
}
