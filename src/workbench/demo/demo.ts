import { setTimeout as delay } from 'node:timers/promises';
import type { LessonId } from '../../course/types.js';
import { Problem } from '../../problem.js';
import { type Typing, typingLine } from '../../replay/typing.js';
import { type Requests, troubleOf } from '../control/requests.js';
import type { CourseSession } from '../course-session.js';
import type { Shells } from '../shell/shells.js';
import type { ShellKey } from '../state/shell-key.js';
import type { Store } from '../state/store.js';
import { demoPace, type Pace, typeVisibly } from './typist.js';

/** The course at its own keyboard: lesson after lesson, its solution typed into the shell pane. */
export interface Demo {
  /** Resolves when it is over, or was left; then the keys are the learner's again. */
  play(lessons: readonly LessonId[]): Promise<void>;
  /** Holds before the next character, or goes on. */
  togglePause(): void;
  /** Ends it where it is: the lab and the shells stay as they are. */
  leave(): void;
}

interface DemoOptions {
  readonly store: Store;
  readonly session: CourseSession;
  readonly shells: Shells;
  readonly requests: Pick<Requests, 'work' | 'cancelWork'>;
  readonly pace?: Pace | undefined;
}

const lookAgain = 100;

export function createDemo({ store, session, shells, requests, pace = demoPace }: DemoOptions): Demo {
  const { dispatch, getState } = store;
  let left = new AbortController();
  let own: ShellKey[] = [];

  const say = (line: string): void => {
    const paused = getState().demo?.paused ?? false;
    dispatch({ type: 'demo', demo: { line, paused } });
  };

  const pause = async (milliseconds: number): Promise<void> => {
    await delay(milliseconds, undefined, { signal: left.signal });
    while (getState().demo?.paused) await delay(lookAgain, undefined, { signal: left.signal });
    left.signal.throwIfAborted();
  };

  const typeInto = async (service: string, kind: ShellKey['kind'], input: string): Promise<string> => {
    const key = { service, kind };
    own = [...own, key];
    const opening = shells.open(key, () => session.shell(service, kind));
    dispatch({ type: 'shell-shown', shell: key });
    await opening;
    await typeVisibly(shells, key, { input, pace, pause });
    return '';
  };

  const begin = async (typing: Typing): Promise<void> => {
    say(typingLine(typing));
    if (typing.how === 'answer') {
      dispatch({ type: 'question-answered', question: typing.at, value: typing.input });
    }
    // What is not typed into a shell is only told here, and wants to be read.
    if (typing.how !== 'shell') await pause(pace.glance);
  };

  /** Resolves with whether every check of it is passed. */
  const playLesson = async (lesson: LessonId): Promise<boolean> => {
    say(`to the start of ${lesson}`);
    await requests.work({ kind: 'goto', lesson });
    left.signal.throwIfAborted();
    const outcome = getState().work?.outcome;
    if (outcome?.kind === 'failed')
      throw new Problem('replay-failed', outcome.trouble.message, outcome.trouble);
    // Servers may be others than the shells of the lesson before were connected to.
    for (const key of own) shells.end(key);
    own = [];
    dispatch({ type: 'shell-closed' });
    dispatch({ type: 'lesson-opened', lesson: await session.openLesson(lesson) });
    say('reading the lesson');
    await pause(pace.read);
    const { passed } = await session.play({ begin, typeInto, signal: left.signal });
    dispatch({ type: 'pane-chosen', pane: 'checks' });
    say(passed ? 'every check is passed' : 'not every check is passed');
    await pause(pace.read);
    return passed;
  };

  return {
    async play(lessons) {
      left = new AbortController();
      try {
        let passed = 0;
        for (const lesson of lessons) if (await playLesson(lesson)) passed += 1;
        const line = `demo over: ${passed} of ${lessons.length} passed. The keys are yours`;
        dispatch({ type: 'demo-over', line });
      } catch (error) {
        dispatch({ type: 'demo', demo: undefined });
        if (left.signal.aborted) return;
        dispatch({
          type: 'overlay-opened',
          overlay: { kind: 'trouble', trouble: troubleOf('Show the solutions', error) },
        });
      }
    },
    togglePause() {
      const { demo } = getState();
      if (demo !== undefined) dispatch({ type: 'demo', demo: { ...demo, paused: !demo.paused } });
    },
    leave() {
      left.abort();
      requests.cancelWork();
    },
  };
}
