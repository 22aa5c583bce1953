import { setTimeout as delay } from 'node:timers/promises';
import type { CourseLesson } from '../course/types.js';
import { readExam } from '../exam/read.js';
import { startExam } from '../exam/start.js';
import { stopExam } from '../exam/stop.js';
import { examLines } from '../exam/words.js';
import { keepAnswer } from '../grading/answers.js';
import type { Grader } from '../grading/grader.js';
import { stateOfLab } from '../grading/lab-errors.js';
import { makeFault } from '../lab/faults/faults.js';
import type { Lab } from '../lab/lab.js';
import { fill } from '../lab/workspace/placeholders.js';
import { writeWorkspaceFile } from '../lab/workspace/workspace.js';
import type { LabView } from '../lesson/lab-view.js';
import type { Lesson } from '../lesson/lesson.js';
import type { Step, Where } from '../lesson/steps.js';
import { Problem } from '../problem.js';
import { startTraffic } from '../shop/traffic/start.js';
import { stopTraffic } from '../shop/traffic/stop.js';
import { holdUntilMeant } from './retry-exam.js';
import type { Typed, TypeInto, Typing } from './typing.js';
import { openUnseenShells } from './unseen-shells.js';

/** Milliseconds in which a service that is found by looking must be there: an election ends within. */
const foundWithin = 45_000;
const pause = 200;

interface Doing {
  readonly lab: Lab;
  readonly grader: Grader;
  readonly lesson: CourseLesson<Lesson>;
  readonly signal?: AbortSignal | undefined;
  /** Told before it is done, which waits for what that promises: steps take time. */
  readonly onTyping?: ((typing: Typing) => unknown) | undefined;
  /** Default: into a shell of its own, which nobody sees. */
  readonly typeInto?: TypeInto | undefined;
}

type TrafficStep = Extract<Step, { kind: 'traffic' }>;
type ExamStep = Extract<Step, { kind: 'exam' }>;

/** Does one step for real, as a learner would: types lines, answers a question, gives a command, waits. */
export async function typeStep(step: Step, doing: Doing): Promise<Typed> {
  const { lab, grader, lesson, signal } = doing;
  const begin = async <T extends Typing>(typing: T): Promise<T> => {
    await doing.onTyping?.(typing);
    return typing;
  };
  switch (step.kind) {
    case 'shell': {
      const at = await find(step.service, doing);
      const typing = await begin({ how: 'shell', at, input: fill(step.lines, lab.runtime).trim() });
      const type = doing.typeInto ?? typeUnseen(doing);
      return { ...typing, output: await type(at, step.shell, typing.input) };
    }
    case 'write': {
      const content = fill(step.content, lab.runtime);
      const typing = await begin({ how: 'edit', at: step.file, input: content.trimEnd() });
      const kept = writeWorkspaceFile(lab.home, step.file, content);
      return { ...typing, output: kept === undefined ? '' : `What was in it is kept as ${kept}`, kept };
    }
    case 'answer': {
      const input = typeof step.value === 'string' ? step.value : await step.value(await grader.view(lesson));
      const typing = await begin({ how: 'answer', at: step.question, input });
      await keepAnswer(lab.home, lesson, step.question, input);
      return { ...typing, output: '' };
    }
    case 'fault': {
      const service = await find(step.service, doing);
      const typing = await begin({
        how: 'command',
        input: `mongo-scale-course fault ${step.fault} ${service}`,
      });
      await makeFault(lab.runtime, step.fault, service);
      return { ...typing, output: '' };
    }
    case 'traffic': {
      const typing = await begin({ how: 'command', input: trafficCommand(step) });
      await doTraffic(step, lab);
      return { ...typing, output: '' };
    }
    case 'exam':
      return holdExam(step, doing);
    case 'up': {
      const typing = await begin({ how: 'command', input: 'mongo-scale-course up' });
      await lab.up(lab.stage() ?? lesson.stage, () => {}, signal);
      return { ...typing, output: '' };
    }
    case 'until': {
      const typing = await begin({ how: 'wait', input: step.words });
      await lookUntil(doing, step.within, step.look, () => neverCame(step.words, step.within));
      signal?.throwIfAborted();
      return { ...typing, output: '' };
    }
  }
}

/** Types into a shell that is opened for it. */
function typeUnseen({ lab, signal }: Doing): TypeInto {
  return async (...args) => {
    const shells = openUnseenShells(lab, signal);
    try {
      return await shells.type(...args);
    } finally {
      await shells.close();
    }
  };
}

async function holdExam({ seed, meant }: ExamStep, { lab, signal, onTyping }: Doing): Promise<Typed> {
  const typing = { how: 'command', input: `mongo-scale-course exam start --seed ${seed}` } as const;
  const start = async () => {
    await onTyping?.(typing);
    await startExam(lab, { seed });
    await onTyping?.({ how: 'wait', input: 'the exam is over' });
  };
  const report = await holdUntilMeant({ start, read: () => readExam(lab.home) }, meant, signal).catch(
    async (error: unknown) => {
      // It would go on killing what nobody waits for any more.
      if (signal?.aborted) await stopExam(lab.home);
      throw error;
    },
  );
  // As `exam status` says it.
  return { ...typing, output: examLines(report).join('\n') };
}

async function find(where: Where, doing: Doing): Promise<string> {
  if (typeof where === 'string') return where;
  return lookUntil(doing, foundWithin, where, () =>
    neverCame('the service that the next step is for was there', foundWithin),
  );
}

/** Looks, each time with a snapshot of its own, until the look finds something. */
async function lookUntil<T>(
  { grader, lesson, signal }: Doing,
  within: number,
  look: (lab: LabView) => Promise<T | undefined | false>,
  tooLate: () => Problem,
): Promise<T> {
  const until = Date.now() + within;
  for (;;) {
    signal?.throwIfAborted();
    const view = await grader.view(lesson);
    const found = await look(view).catch((error: unknown) => {
      // A server that is asked in the middle of an election may have nothing to say.
      if (stateOfLab(error) === undefined) throw error;
      return undefined;
    });
    if (found !== undefined && found !== false) return found;
    if (Date.now() > until) throw tooLate();
    await delay(pause);
  }
}

function neverCame(words: string, within: number): Problem {
  return new Problem('never-came', `Waited ${within / 1000} s until ${words}, and it did not come.`, {
    remedy: 'See how the servers are: mongo-scale-course status',
  });
}

async function doTraffic({ action, options }: TrafficStep, lab: Lab): Promise<void> {
  // Traffic that is left over would make its figures those of two lessons.
  await stopTraffic(lab.home);
  if (action !== 'start') return;
  await startTraffic(lab, options);
}

/** What a learner types for it. */
function trafficCommand({ action, options }: TrafficStep): string {
  const given = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
  return ['mongo-scale-course traffic', action, ...given].join(' ');
}
