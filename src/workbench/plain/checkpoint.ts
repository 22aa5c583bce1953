import { mebibytes } from '../../lab/checkpoint/usage.js';
import { usageProblem } from '../../problem.js';
import type { CheckpointEntry } from '../../replay/saved-checkpoints.js';

/** What `checkpoint save NAME` and `checkpoint restore NAME` ask for. Throws `wrong-use`. */
export function parseCheckpoint(text: string): { readonly act: 'save' | 'restore'; readonly name: string } {
  const [act = '', name, ...more] = text.split(' ');
  if ((act === 'save' || act === 'restore') && name !== undefined && more.length === 0) return { act, name };
  throw usageProblem(
    'wrong-use',
    text === '' ? 'Save a checkpoint, or restore one?' : `"checkpoint ${text}" is not known here.`,
    'Say checkpoint save NAME or checkpoint restore NAME. The word checkpoints lists them.',
  );
}

/** A line a checkpoint. */
export function checkpointsText(entries: readonly CheckpointEntry[]): readonly string[] {
  if (entries.length === 0) return ['No checkpoints yet. Take one: checkpoint save NAME.'];
  return entries.map(({ name, lesson, kind, atStart, bytes, reason }) => {
    const where = atStart ? `the start of ${lesson}` : `in ${lesson}`;
    const fits = reason === null ? '' : ` It does not fit here: ${reason}.`;
    return `${name}: ${where}, ${kind === 'auto' ? 'automatic' : 'saved'}, ${mebibytes(bytes)}.${fits}`;
  });
}
