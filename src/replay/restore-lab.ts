import { updateProgress, withoutEvidence, withoutHelp } from '../course/progress.js';
import type { CourseLesson } from '../course/types.js';
import type { Content, Manifest } from '../lab/checkpoint/manifest.js';
import { restoreCheckpoint, whyUnfit } from '../lab/checkpoint/restore.js';
import { readContent } from '../lab/checkpoint/store.js';
import type { Lab } from '../lab/lab.js';
import { ownCompose } from '../lab/workspace/learner-compose.js';
import type { Lesson } from '../lesson/lesson.js';
import { restoreCompose } from './goto-compose.js';
import { takeOverProgress } from './lesson-checkpoints.js';
import { tellOf, type Way } from './replay.js';

/**
 * Brings the lab to the state of a checkpoint, and the progress with it: the progress file keeps no evidence from
 * lessons that are not passed on this data. Throws what `restoreCheckpoint` throws, before anything is changed.
 */
export async function restoreLab(
  { lab, catalog, onEvent, signal }: Pick<Way, 'lab' | 'catalog' | 'onEvent' | 'signal'>,
  manifest: Manifest,
): Promise<Content> {
  const { workspace } = readContent(lab.home, manifest);
  // Servers that the learner added to another lab do not belong to this one. The file is read when the stage comes up.
  const hasOwnCompose = workspace.some(({ path }) => path === ownCompose.file);
  if (!hasOwnCompose && (await whyUnfit(lab, manifest)) === undefined)
    tellOf({ onEvent }, restoreCompose(lab));
  const others = catalog.lessons.filter(({ id }) => !manifest.passed.includes(id));
  return restoreCheckpoint(lab, manifest, {
    onProgress: (event) => onEvent?.(event),
    signal,
    async onReplaced(content) {
      await beginAgain(lab, others);
      await takeOverProgress(lab, { ...manifest, ...content });
    },
  });
}

/** Forgets the evidence from these lessons and the course's help with them: their lab is gone. */
export async function beginAgain(lab: Lab, lessons: readonly CourseLesson<Lesson>[]): Promise<void> {
  const ids = lessons.map(({ id }) => id);
  await updateProgress(lab.home.progress, (progress) => withoutHelp(withoutEvidence(progress, ids), ids));
}
