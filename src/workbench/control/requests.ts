import type { LessonId, StageId } from '../../course/types.js';
import type { FaultKind } from '../../lab/faults/faults.js';
import type { ShellKind } from '../../lab/runtime.js';
import { Problem } from '../../problem.js';
import type { GotoEvent } from '../../replay/goto-event.js';
import type { CourseSession, OpenLesson, TrafficAct } from '../course-session.js';
import type { Shells } from '../shell/shells.js';
import { statementsOf } from '../shell/statements.js';
import { shellService } from '../state/selectors.js';
import type { ShellKey } from '../state/shell-key.js';
import type { Trouble, WorkbenchState, WorkTarget } from '../state/state.js';
import type { Store } from '../state/store.js';
import { isUnderWay } from '../state/work.js';
import { editorFor } from '../terminal/editor.js';
import type { HandOver } from '../terminal/run-in-foreground.js';
import type { CodeBlock } from '../text/code-blocks.js';
import { faultTitle } from '../view/fault-lines.js';
import { trafficTitle } from '../view/traffic-line.js';
import { workTitle } from '../view/work-lines.js';

/** What the learner's commands ask of the session. Each ends in an action; none throws. */
export interface Requests {
  openLesson(id: LessonId): void;
  /** Resolves when it is over, however it ended. */
  work(target: WorkTarget): Promise<void>;
  cancelWork(): void;
  answer(question: string, value: string): void;
  /** Opens a shell, or goes to it where it is open; without one named, that of the node the lesson is about. */
  openShell(key?: Partial<ShellKey>): void;
  /**
   * Puts code at the prompt of a shell, for the learner to run: that of `service`, else the one that is seen, else
   * that of the node the lesson is about.
   */
  typeCode(block: CodeBlock, service?: string): void;
  /** Opens the lesson's file of the workspace in the learner's editor, which has the terminal until it ends. */
  editFile(): void;
  /** Pages over the screen. */
  showMistakes(): void;
  showGlossary(): void;
  showSummary(stage: StageId): void;
  fault(fault: FaultKind, service: string): void;
  /** Starts what the open lesson asks for. */
  traffic(act: TrafficAct): void;
}

interface RequestOptions {
  readonly store: Store;
  readonly session: CourseSession;
  readonly shells: Shells;
  readonly runInForeground: HandOver;
}

export function createRequests({ store, session, shells, runInForeground }: RequestOptions): Requests {
  const { dispatch, getState } = store;
  let cancellation = new AbortController();
  let trafficEnds = false;

  const tell =
    (title: string) =>
    (error: unknown): void =>
      dispatch({ type: 'overlay-opened', overlay: { kind: 'trouble', trouble: troubleOf(title, error) } });

  /** Runs one request at a time: a key pressed twice must not open two shells. */
  const attempt = async (title: string, task: () => Promise<void>): Promise<void> => {
    if (getState().busy !== undefined) return;
    dispatch({ type: 'busy', what: title });
    try {
      await task();
    } catch (error) {
      tell(title)(error);
    } finally {
      dispatch({ type: 'busy', what: undefined });
    }
  };

  const runWork = async (target: WorkTarget): Promise<void> => {
    if (isUnderWay(getState().work)) return;
    cancellation = new AbortController();
    const { signal } = cancellation;
    dispatch({ type: 'work-started', target });
    const began = Date.now();
    const ticking = setInterval(() => {
      dispatch({ type: 'work-ticked', seconds: Math.round((Date.now() - began) / 1_000) });
    }, 1_000).unref();
    try {
      if (target.kind === 'up') {
        await session.bringUp(target.stage, (event) => dispatch({ type: 'work-event', event }), signal);
      } else {
        const onEvent = (event: GotoEvent): void => dispatch({ type: 'work-event', event });
        await session.gotoLesson(target.lesson, onEvent, signal, { restart: target.restart });
      }
      dispatch({ type: 'work-done' });
    } catch (error) {
      if (signal.aborted) dispatch({ type: 'work-cancelled' });
      else dispatch({ type: 'work-failed', trouble: troubleOf(workTitle(target), error) });
    } finally {
      clearInterval(ticking);
    }
  };

  const openShell = (key: ShellKey, code?: string): void => {
    const { service, kind } = key;
    void attempt(`Open a shell on ${service}`, async () => {
      // No wait where it is known: what is typed right after the key is the shell's.
      if (shells.available() ?? (await shells.load())) {
        const opening = shells.open(key, () => session.shell(service, kind));
        dispatch({ type: 'shell-shown', shell: key });
        if (code !== undefined) shells.type(key, statementsOf(code));
        await opening;
        return;
      }
      const invocation = await session.shell(service, kind);
      const { failure } = await runInForeground(invocation, greeting(service, getState().view?.lesson, code));
      if (failure === undefined) return;
      throw new Problem('shell-not-started', `${invocation.file} could not be started: ${failure}.`, {
        remedy: 'mongo-scale-course doctor says what is missing.',
      });
    });
  };

  return {
    openLesson: (id) =>
      void attempt(`Open ${id}`, async () =>
        dispatch({ type: 'lesson-opened', lesson: await session.openLesson(id) }),
      ),
    work: runWork,
    cancelWork() {
      if (getState().work?.outcome.kind !== 'running') return;
      dispatch({ type: 'work-cancelling' });
      cancellation.abort();
    },
    answer: (question, value) =>
      void attempt('Keep the answer', async () => {
        await session.answer(question, value);
        dispatch({ type: 'question-answered', question, value });
        dispatch({ type: 'overlay-closed' });
      }),
    showMistakes: () =>
      void attempt('Collect the mistakes', async () => {
        const lessons = await session.mistakes();
        dispatch({ type: 'overlay-opened', overlay: { kind: 'mistakes', lessons, top: 0 } });
      }),
    showGlossary: () =>
      void attempt('Open the glossary', async () => {
        const terms = await session.glossary();
        dispatch({ type: 'overlay-opened', overlay: { kind: 'glossary', terms, draft: '', top: 0 } });
      }),
    showSummary: (stage) =>
      void attempt('Sum up the stage', async () => {
        const summary = await session.summary(stage);
        dispatch({ type: 'overlay-opened', overlay: { kind: 'summary', summary, top: 0 } });
      }),
    fault: (fault, service) => void attempt(faultTitle(fault, service), () => session.fault(fault, service)),
    traffic(act) {
      if (act === 'start') {
        const { view } = getState();
        return void attempt(trafficTitle(act), () => session.traffic(act, view?.lesson.traffic));
      }
      // Every order is looked for, which takes minutes where the shop is down: the keys that bring it back must work
      // meanwhile. What becomes of it is told by the traffic itself.
      if (trafficEnds) return;
      trafficEnds = true;
      session
        .traffic(act)
        .catch(tell(trafficTitle(act)))
        .finally(() => {
          trafficEnds = false;
        });
    },
    openShell({ service = shellService(getState()), kind = 'own' } = {}) {
      if (service !== undefined) openShell({ service, kind });
    },
    typeCode({ code, shell: kind }, service = shellSeen(getState(), kind) ?? shellService(getState())) {
      if (service !== undefined) openShell({ service, kind }, code);
    },
    editFile() {
      const file = getState().view?.lesson.file;
      if (file === undefined) return;
      void attempt(`Edit ${file}`, async () => {
        const path = await session.workspaceFile(file);
        const editor = editorFor(path);
        const { failure } = await runInForeground(
          editor,
          `\n${path}: back in the course when ${editor.file} ends.\n`,
        );
        // What was saved counts from now on, not from the next look.
        void session.look();
        if (failure === undefined) return;
        throw new Problem('editor-not-started', `${editor.file} could not be started: ${failure}.`, {
          remedy: `Name your editor with EDITOR, or open the file beside the course: ${path}`,
        });
      });
    },
  };
}

function greeting(service: string, lesson: OpenLesson | undefined, code: string | undefined): string {
  const where = lesson === undefined ? '' : ` (lesson: ${lesson.text.title})`;
  const toType = code === undefined ? '' : `To be typed:\n${code}\n`;
  return `\nShell on ${service}${where}. Type exit or press Ctrl-D to come back to the course.\n${toType}`;
}

/** The service whose shell of this kind the pane shows. */
function shellSeen({ shell: { open, shown } }: WorkbenchState, kind: ShellKind): string | undefined {
  return open && shown?.kind === kind ? shown.service : undefined;
}

export function troubleOf(title: string, error: unknown): Trouble {
  if (error instanceof Problem) return { title, message: error.message, remedy: error.remedy };
  return {
    title,
    message: `A fault of the course: ${error instanceof Error ? error.message : String(error)}`,
  };
}
