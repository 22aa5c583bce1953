import { loadLessonText } from '../course/catalog.js';
import { type LessonProgress, readProgress, updateProgress, withLesson } from '../course/progress.js';
import type { CourseLesson, Language, LessonText } from '../course/types.js';
import type { Lab } from '../lab/lab.js';
import { openClients } from '../lab/observe/clients.js';
import { type Observer, openObserver } from '../lab/observe/observer.js';
import type { Snapshot } from '../lab/observe/snapshot.js';
import { fill } from '../lab/workspace/placeholders.js';
import type { LabView } from '../lesson/lab-view.js';
import type { Check, Lesson } from '../lesson/lesson.js';
import { Problem } from '../problem.js';
import { fillText } from './fill.js';
import { applyHoldFor, type Held } from './hold-for.js';
import { figuresOf, type Measured, measureNew } from './measure.js';
import { openView } from './open-view.js';
import { look, type Outcome } from './run-check.js';
import type { CheckVerdict, LessonVerdict } from './verdict.js';

/** One round of looking at a lesson's checks. */
export interface Round {
  readonly snapshot: Snapshot;
  readonly verdict: LessonVerdict;
  /** True while a check is only waiting for its `holdFor`. */
  readonly holding: boolean;
}

/** Looks at the lab for one lesson at a time, and keeps what has to be kept: events, and that it was passed. */
export interface Grader {
  /**
   * Looks once. Throws `stage-not-up` where the lesson's stage is not the one that is up.
   * @param by whose work is looked at; mistakes are kept of the learner's only. Default: the learner's
   */
  round(lesson: CourseLesson<Lesson>, by?: 'learner' | 'course'): Promise<Round>;
  /** Looks at the lab without a lesson; undefined where no stage is up. */
  observe(): Promise<Snapshot | undefined>;
  /** What the checks and the solution see of the lab; also for answers that are found by looking. */
  view(lesson: CourseLesson<Lesson>, snapshot?: Snapshot): Promise<LabView>;
  text(lesson: CourseLesson<Lesson>): Promise<LessonText>;
  close(): Promise<void>;
}

export function openGrader(lab: Lab, language: Language): Grader {
  const clients = openClients(lab.runtime);
  const observer = openObserver(lab.runtime, clients);
  const held = new Map<string, Held>();
  const texts = new Map<string, LessonText>();

  const rawText = async (lesson: CourseLesson<Lesson>): Promise<LessonText> => {
    const known = texts.get(lesson.id) ?? (await loadLessonText(lesson, language));
    texts.set(lesson.id, known);
    return known;
  };
  // Filled in anew each time: addresses change when the lab does.
  const text = async (lesson: CourseLesson<Lesson>): Promise<LessonText> =>
    fillText(await rawText(lesson), await lab.places(lesson.stage));
  const view = async (lesson: CourseLesson<Lesson>, snapshot?: Snapshot): Promise<LabView> =>
    openView(lab, clients, lesson.id, snapshot ?? (await observe(lab, lesson, observer)));

  return {
    text,
    view,
    async observe() {
      const stack = lab.runtime.stack();
      return stack && observer.look(stack);
    },
    async round(lesson, by = 'learner') {
      // What is seen belongs to this lab: another command may put another in its place before the round is over.
      const identity = lab.identity();
      const snapshot = await observe(lab, lesson, observer);
      const looking = await view(lesson, snapshot);
      const { events = {}, answers = {}, measured: known = {}, helpedAt } = keptOf(lab, lesson);
      const measuredNow = await measureNew(lesson.plan, looking, known);
      const measured = { ...known, ...measuredNow };
      const remembered: Record<string, number> = {};
      const seen: LabView = {
        ...looking,
        measured: (id) => measured[id],
        recall: (name) => remembered[name] ?? looking.recall(name),
        remember(name, amount) {
          if (looking.recall(name) !== amount) remembered[name] = amount;
        },
      };
      const outcomes = await Promise.all(
        lesson.plan.checks.map((check): Promise<Outcome> | Outcome => {
          // What happened once need not be looked for again.
          const happened = check.kind === 'event' ? events[check.title] : undefined;
          return happened === undefined ? look(check, seen) : { state: 'pass', observed: happened };
        }),
      );

      const now = Date.now();
      let lessonHeld = held.get(lesson.id) ?? new Map();
      let holding = false;
      const settled = lesson.plan.checks.map((check, index) => {
        const outcome = outcomes[index] as Outcome;
        const result = applyHoldFor(check, outcome, { held: lessonHeld, now });
        lessonHeld = result.held;
        holding ||= result.holding;
        return { check, outcome: result.outcome };
      });
      held.set(lesson.id, lessonHeld);

      const words = settled.some(({ outcome }) => outcome.state === 'wrong') ? await text(lesson) : undefined;
      const checks = settled.map(({ check, outcome }) => toVerdict(check, outcome, words, lab));
      const skipped = whySkipped(lesson, snapshot);
      const passed = skipped === undefined && checks.every(({ state }) => state === 'pass');
      const titles = lesson.plan.measurements.length > 0 ? (await rawText(lesson)).measurements : new Map();
      const verdict = {
        lesson: lesson.id,
        passed,
        ...(skipped === undefined ? {} : { skipped }),
        checks,
        measured: figuresOf(lesson.plan, { measured, answers, titles, helpedAt }),
      };
      if (lab.identity() === identity)
        await keep(lab, lesson, verdict, { measuredNow, remembered, by, identity });
      return { snapshot, verdict, holding: holding && skipped === undefined };
    },
    close: () => clients.close(),
  };
}

function keptOf(lab: Lab, lesson: CourseLesson<Lesson>): Partial<LessonProgress> {
  return readProgress(lab.home.progress).lessons[lesson.id] ?? {};
}

/** Why this machine cannot do the lesson; undefined where it can. */
function whySkipped({ plan }: CourseLesson<Lesson>, { nodes }: Snapshot): string | undefined {
  return nodes.find(({ service }) => service === plan.skipWithout)?.status.leftOut;
}

async function observe(lab: Lab, lesson: CourseLesson<Lesson>, observer: Observer): Promise<Snapshot> {
  const stack = lab.runtime.stack();
  if (stack?.stage !== lesson.stage) {
    const standing = stack ? `the lab is at stage "${stack.stage}"` : 'no stage is up';
    throw new Problem('stage-not-up', `${lesson.id} needs the stage "${lesson.stage}", and ${standing}.`, {
      remedy: `mongo-scale-course goto ${lesson.id}`,
    });
  }
  return observer.look(stack);
}

function toVerdict(check: Check, outcome: Outcome, words: LessonText | undefined, lab: Lab): CheckVerdict {
  const verdict: CheckVerdict = {
    title: check.title,
    at: check.at,
    kind: check.kind,
    state: outcome.state,
    observed: outcome.observed,
    ...('expected' in outcome && outcome.expected !== undefined ? { expected: outcome.expected } : {}),
    ...lineOf(check, lab),
  };
  if (outcome.state === 'error') {
    return {
      ...verdict,
      explanation:
        'The course could not look at this: that is its own fault, not yours, and says nothing of your work. It looks again by itself.',
    };
  }
  if (outcome.state !== 'wrong') return verdict;
  const explained = words?.mistakes.get(outcome.mistake);
  return {
    ...verdict,
    mistake: outcome.mistake,
    ...(explained ? { explanation: `**${explained.title}.** ${explained.text}` } : {}),
  };
}

/** The line that shows what a check sees, and where it is typed. */
function lineOf({ reproduce, at }: Check, lab: Lab): Pick<CheckVerdict, 'reproduce' | 'reproduceAt'> {
  if (reproduce?.kind !== 'shell') return {};
  const { service, shell, lines } = reproduce;
  return {
    reproduce: fill(lines, lab.runtime),
    reproduceAt: { service: typeof service === 'string' ? service : at, shell },
  };
}

/** What one round has found out besides its verdict. */
interface Seen {
  readonly measuredNow: Measured;
  /** What checks keep for later looks, where it is new. */
  readonly remembered: Readonly<Record<string, number>>;
  readonly by: 'learner' | 'course';
  readonly identity: string | undefined;
}

/** Writes only what is new, so that a watcher at rest writes nothing. */
async function keep(
  lab: Lab,
  lesson: CourseLesson<Lesson>,
  { checks, passed, skipped }: LessonVerdict,
  { measuredNow, remembered, by, identity }: Seen,
): Promise<void> {
  await updateProgress(lab.home.progress, (progress) => {
    const before = progress.lessons[lesson.id];
    const happened = checks.filter(
      ({ kind, state, title }) => kind === 'event' && state === 'pass' && before?.events[title] === undefined,
    );
    const passedBy = before?.helpedAt === undefined ? by : 'course';
    // What the course has shown a learner can still do himself.
    const firstPass =
      passed && (!before?.passedAt || (before.passedBy === 'course' && passedBy === 'learner'));
    const skipChanged = (skipped === undefined) !== (before?.skippedAt === undefined);
    const met = checks.flatMap(({ mistake }) =>
      by === 'learner' && mistake !== undefined && before?.mistakes?.[mistake] === undefined ? [mistake] : [],
    );
    const newest = Object.keys(measuredNow).length > 0;
    const noted = Object.keys(remembered).length > 0;
    if (
      before &&
      happened.length === 0 &&
      met.length === 0 &&
      !newest &&
      !noted &&
      !firstPass &&
      !skipChanged
    )
      return progress;
    const now = new Date().toISOString();
    const events = Object.fromEntries(happened.map(({ title, observed }) => [title, observed]));
    return withLesson(progress, lesson.id, {
      events: { ...before?.events, ...events },
      ...(met.length > 0
        ? { mistakes: { ...before?.mistakes, ...Object.fromEntries(met.map((id) => [id, now])) } }
        : {}),
      ...(newest ? { measured: { ...before?.measured, ...measuredNow } } : {}),
      ...(noted ? { remembered: { ...before?.remembered, ...remembered } } : {}),
      ...(firstPass ? { passedAt: now, passedBy } : {}),
      ...(skipChanged ? { skippedAt: skipped === undefined ? undefined : now } : {}),
    });
  });
  if (passed) await lab.recordPassed(lesson.id, identity);
}
