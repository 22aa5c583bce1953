import { numberedBlocks } from '../../course/types.js';
import type { CheckVerdict } from '../../grading/verdict.js';
import { isPossible } from '../../lab/faults/faults.js';
import type { NodeView, Snapshot } from '../../lab/observe/snapshot.js';
import type { ServiceState } from '../../lab/runtime.js';
import { ownCompose } from '../../lab/workspace/learner-compose.js';
import { shopDoors } from '../../shop/traffic/places.js';
import { type CodeBlock, codeBlocks } from '../text/code-blocks.js';
import type { Command } from './command.js';
import type { LessonView, WorkbenchState } from './state.js';

/** False for a command that would do nothing in this state. */
export function isAvailable(command: Command, state: WorkbenchState): boolean {
  const { view, lab, overlay } = state;
  switch (command) {
    case 'open':
      return state.cursor !== undefined;
    case 'go-to':
      return stageInSight(state) !== undefined;
    case 'undo':
      return view !== undefined && lab?.stage !== undefined;
    case 'bring-up':
      return stageInSight(state) !== undefined && (!isStageUp(state) || mayBeToBringUp(state));
    case 'traffic':
      return state.traffic?.state === 'running' || hasEntryPoint(state);
    case 'shell':
      return lab?.stage !== undefined && lab.stage === view?.lesson.stage;
    case 'system-shell':
      return isAvailable('shell', state);
    case 'type-code':
      return view !== undefined && isAvailable('shell', state) && codeInSight(state).length > 0;
    case 'shell-pane':
      return state.shell.open || isAvailable('shell', state);
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

/** Why a key does nothing just now, where that is not plain to see. */
export function unavailableReason(command: Command, state: WorkbenchState): string | undefined {
  const stage = stageInSight(state);
  if (command !== 'bring-up' || stage === undefined || !isStageUp(state)) return undefined;
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

/** Whether there is a shop, or a gateway before shops, that customers can come to. */
function hasEntryPoint({ snapshot, lab }: WorkbenchState): boolean {
  if (lab?.stage === undefined || snapshot === undefined) return false;
  return snapshot.nodes.some(({ service }) => shopDoors.includes(service));
}

/** Whether the stage in sight is up with all its services, or nobody has looked yet. */
export function isStageUp(state: WorkbenchState): boolean {
  const { lab, snapshot } = state;
  return (
    lab !== undefined && lab.stage === stageInSight(state) && (snapshot === undefined || allLive(snapshot))
  );
}

/** Whether the learner's compose file says something else than what runs, as it was seen last. */
export function isToBringUp({ lab }: WorkbenchState): boolean {
  return lab?.compose === 'changed' || lab?.compose === 'broken';
}

/** Whether it may: what they saved a moment ago nobody has seen yet, so where they have the file, `up` looks itself. */
function mayBeToBringUp({ lab, view, screen }: WorkbenchState): boolean {
  return lab?.compose !== undefined || (screen === 'lesson' && view?.lesson.file === ownCompose.file);
}

/** The node that the lab pane's cursor is on. */
export function chosenNode({ snapshot, node }: WorkbenchState): NodeView | undefined {
  return snapshot?.nodes.find(({ service }) => service === node);
}

/** The state as it is beneath its overlay. */
export function withoutOverlay(state: WorkbenchState): WorkbenchState {
  return { ...state, overlay: undefined };
}

/** The service that the first open check is about; undefined where all are passed or none was looked at. */
export function wantedService({ view }: WorkbenchState): string | undefined {
  return view?.verdicts.find((verdict) => verdict.state !== 'pass')?.at;
}

/** The service whose shell opens: the one chosen in the lab pane, the wanted one, the lesson's own. */
export function shellService(state: WorkbenchState): string | undefined {
  if (state.pane === 'lab' && state.node !== undefined) return state.node;
  return wantedService(state) ?? state.view?.lesson.shellAt;
}

/** The code blocks that are to be seen, by their number less one: those of the text, the hints, the debrief. */
export function lessonBlocks({ lesson: { text }, hints, passed }: LessonView): readonly CodeBlock[] {
  const parts = [text.body, ...text.hints.slice(0, hints), ...(passed ? [text.debrief] : [])];
  return parts.flatMap(codeBlocks).slice(0, numberedBlocks);
}

const liveStates: ReadonlySet<ServiceState> = new Set(['starting', 'running', 'paused']);

/** Whether every service of it has one; those that this machine cannot run are not waited for. */
export function allLive(snapshot: Snapshot): boolean {
  const wanted = snapshot.nodes.filter(({ status }) => status.leftOut === undefined);
  return liveNodes(snapshot) === wanted.length;
}

/** How many services have a live process. */
export function liveNodes({ nodes }: Snapshot): number {
  return nodes.filter((node) => liveStates.has(node.status.state)).length;
}
