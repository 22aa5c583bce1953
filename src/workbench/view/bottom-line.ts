import stringWidth from 'string-width';
import type { CheckVerdict } from '../../grading/verdict.js';
import { isPossible } from '../../lab/faults/faults.js';
import { ownCompose } from '../../lab/workspace/learner-compose.js';
import { firstBegun } from '../../replay/start-of-lesson.js';
import { shopDoors } from '../../shop/traffic/places.js';
import type { Command } from '../keys/binding.js';
import { bindingsIn, keyContext, keyLabel } from '../keys/match.js';
import type { LessonView, WorkbenchState } from '../state/state.js';
import type { CodeBlock } from '../text/code-blocks.js';
import { theme } from '../theme.js';
import { chosenNode } from './documents.js';
import { allLive } from './lab-lines.js';
import { lessonBlocks } from './lesson-lines.js';

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
  if (command === 'bring-up') return stands(state) && isToBringUp(state);
  return command === 'next-lesson' && state.view?.passed === true;
}

/** Whether the bottom line names a command: it is of use, and not only in case. */
function isOffered(command: Command, state: WorkbenchState): boolean {
  if (command === 'bring-up' && stands(state) && !isToBringUp(state)) return false;
  // Undo where something was done.
  if (command === 'undo' && !(state.view && firstBegun(state.view.lesson, { checks: state.view.verdicts })))
    return false;
  return isOfUse(command, state);
}

/** False for a command that would do nothing in this state. */
export function isOfUse(command: Command, state: WorkbenchState): boolean {
  const { view, lab, overlay } = state;
  switch (command) {
    case 'open':
      return state.cursor !== undefined;
    case 'go-to':
      return stageInSight(state) !== undefined;
    case 'undo':
      return view !== undefined && lab?.stage !== undefined;
    case 'bring-up':
      return stageInSight(state) !== undefined && (!stands(state) || mayBeToBringUp(state));
    case 'traffic':
      return state.traffic?.state === 'running' || hasDoor(state);
    case 'shell':
      return lab?.stage !== undefined && lab.stage === view?.lesson.stage;
    case 'system-shell':
      return isOfUse('shell', state);
    case 'type-code':
      return view !== undefined && isOfUse('shell', state) && codeInSight(state).length > 0;
    case 'shell-pane':
      return state.shell.open || isOfUse('shell', state);
    case 'zoom-shell':
    case 'close-shell':
      return state.shell.open;
    case 'next-shell':
      return state.shell.entries.length > 1;
    case 'details':
      return chosenNode(state) !== undefined;
    case 'stop':
    case 'kill':
    case 'pause':
    case 'resume':
    case 'start':
    case 'isolate':
    case 'rejoin': {
      const node = chosenNode(state);
      return node !== undefined && isPossible(command, node.status, lab?.runtime ?? 'local');
    }
    case 'hint':
      return view !== undefined && !view.passed && view.hints < view.lesson.text.hints.length;
    case 'edit':
      return view?.lesson.file !== undefined;
    case 'answer':
      return (view?.lesson.questions.length ?? 0) > 0;
    case 'retry':
      return state.work?.outcome.kind === 'failed' || state.work?.outcome.kind === 'cancelled';
    case 'cancel':
      return overlay !== undefined || state.shell.choosingBlock || state.work?.outcome.kind === 'running';
    default:
      return true;
  }
}

/** Whether there is a shop, or a gateway before shops, that customers can come to. */
function hasDoor({ snapshot, lab }: WorkbenchState): boolean {
  if (lab?.stage === undefined || snapshot === undefined) return false;
  return snapshot.nodes.some(({ service }) => shopDoors.includes(service));
}

/** Whether the stage in sight is up with all its services, or nobody has looked yet. */
function stands(state: WorkbenchState): boolean {
  const { lab, snapshot } = state;
  return (
    lab !== undefined && lab.stage === stageInSight(state) && (snapshot === undefined || allLive(snapshot))
  );
}

/** Whether the learner's compose file says something else than what runs, as it was seen last. */
function isToBringUp({ lab }: WorkbenchState): boolean {
  return lab?.compose === 'changed' || lab?.compose === 'broken';
}

/** Whether it may: what they saved a moment ago nobody has seen yet, so where they have the file, `up` looks itself. */
function mayBeToBringUp({ lab, view, screen }: WorkbenchState): boolean {
  return lab?.compose !== undefined || (screen === 'lesson' && view?.lesson.file === ownCompose.file);
}

/** Why a key does nothing just now, where that is not plain to see. */
export function whyOfNoUse(command: Command, state: WorkbenchState): string | undefined {
  const stage = stageInSight(state);
  if (command !== 'bring-up' || stage === undefined || !stands(state)) return undefined;
  return state.snapshot === undefined
    ? `${stage} is said to be up; the course is having its first look at it. Press u again when the servers are counted above.`
    : `All servers of ${stage} run already.`;
}

/** What can be typed into a shell: the line of the first check that is not passed, or the lesson's code blocks. */
export function codeInSight({ view, pane }: WorkbenchState): readonly CodeBlock[] {
  if (view === undefined) return [];
  if (pane !== 'checks') return lessonBlocks(view);
  const check = checkInSight(view);
  return check?.reproduce === undefined
    ? []
    : [{ code: check.reproduce, shell: check.reproduceAt?.shell ?? 'own' }];
}

/** The check that the learner chose, else the first that is not passed; with a line that shows what it sees. */
export function checkInSight({ verdicts, chosenCheck }: LessonView): CheckVerdict | undefined {
  const chosen = chosenCheck === undefined ? undefined : verdicts[chosenCheck];
  if (chosen !== undefined) return chosen.reproduce === undefined ? undefined : chosen;
  return verdicts.find(({ state, reproduce }) => state !== 'pass' && reproduce !== undefined);
}

/** The stage of the lesson that is open, or that the course list's cursor is on. */
export function stageInSight(state: WorkbenchState): string | undefined {
  if (state.screen === 'lesson') return state.view?.lesson.stage;
  return state.stages.find((stage) => stage.lessons.some((lesson) => lesson.id === state.cursor))?.id;
}
