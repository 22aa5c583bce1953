import stringWidth from 'string-width';
import { firstBegun } from '../../replay/start-of-lesson.js';
import { bindingsIn, keyContext, keyLabel } from '../keys/match.js';
import type { Command } from '../state/command.js';
import { isAvailable, isStageUp, isToBringUp } from '../state/selectors.js';
import type { WorkbenchState } from '../state/state.js';
import { theme } from '../theme.js';

/** The keys that are of use now, as many as there is room for; the one that shows all keys is always among them. */
export function bottomLine(state: WorkbenchState, width: number): string {
  const entries = bindingsIn(keyContext(state))
    .filter((binding) => binding.bar !== undefined && isOffered(binding.command, state))
    .map(({ command, keys, bar }) => {
      const key = theme.strong(keyLabel(keys[0] ?? ''));
      const word = isWayOn(command, state) ? theme.pass(`${bar}`) : theme.dim(`${bar}`);
      return { command, text: `${key} ${word}` };
    });
  const roomFor = ({ text }: { text: string }): number => stringWidth(text) + 2;
  let room = width;
  for (const entry of entries) if (entry.command === 'help') room -= roomFor(entry);
  const shown = entries.filter((entry) => {
    if (entry.command === 'help') return true;
    if (roomFor(entry) > room) return false;
    room -= roomFor(entry);
    return true;
  });
  return ` ${shown.map(({ text }) => text).join('  ')}`;
}

/** What the learner came for. */
function isWayOn(command: Command, state: WorkbenchState): boolean {
  if (command === 'bring-up') return isStageUp(state) && isToBringUp(state);
  return command === 'next-lesson' && state.view?.passed === true;
}

/** Whether the bottom line names a command: it is of use, and not only in case. */
function isOffered(command: Command, state: WorkbenchState): boolean {
  if (command === 'bring-up' && isStageUp(state) && !isToBringUp(state)) return false;
  // Undo where something was done.
  if (command === 'undo' && !(state.view && firstBegun(state.view.lesson, { checks: state.view.verdicts })))
    return false;
  return isAvailable(command, state);
}
