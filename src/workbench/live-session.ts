import { type Catalog, findLesson, findStage, loadStageText } from '../course/catalog.js';
import { loadGlossary } from '../course/glossary.js';
import {
  type Progress,
  readProgress,
  setDamagedProgressAside,
  updateProgress,
  withLesson,
} from '../course/progress.js';
import type { StageId } from '../course/types.js';
import { readExam } from '../exam/read.js';
import { stopExam } from '../exam/stop.js';
import { keepAnswer } from '../grading/answers.js';
import type { Grader } from '../grading/grader.js';
import { mistakesOf } from '../grading/met-mistakes.js';
import { summaryOf } from '../grading/summary.js';
import { makeFault } from '../lab/faults/faults.js';
import { undoAll, undoneSentences } from '../lab/faults/undo-faults.js';
import type { Lab } from '../lab/lab.js';
import type { OwnComposeState } from '../lab/workspace/learner-compose-state.js';
import { ensureWorkspaceFile } from '../lab/workspace/workspace.js';
import type { Lesson } from '../lesson/lesson.js';
import { dropped } from '../machine/debug-log.js';
import { Problem } from '../problem.js';
import { goTo } from '../replay/goto.js';
import { solve } from '../replay/solve.js';
import { createStartKeeper } from '../replay/start-keeper.js';
import { startTraffic } from '../shop/traffic/start.js';
import { stopTraffic } from '../shop/traffic/stop.js';
import { courseEntries, measurementTitles } from './course-entries.js';
import type { CourseSession, OpenLesson } from './course-session.js';
import { followTraffic } from './follow-traffic.js';
import { lessonTraffic } from './lesson-traffic.js';
import { createPollInterval } from './poll-interval.js';
import { changesOnly } from './session-changes.js';
import { sessionCheckpoints } from './session-checkpoints.js';
import { isMeanwhile, noticeOf } from './session-notice.js';

/** Lines of a log that are there at once. */
const logTail = 100;

interface Parts {
  readonly lab: Lab;
  readonly catalog: Catalog<Lesson>;
  readonly grader: Grader;
}

/** The workbench's session on the learner's own lab: one loop looks, all else is done when asked for. */
export async function openLiveSession({ lab, catalog, grader }: Parts): Promise<CourseSession> {
  const changes = changesOnly();
  const attention = createPollInterval();
  changes.subscribe(attention.stir);
  const introductions = new Map(
    await Promise.all(
      catalog.stages.map(async (stage) => [stage.id, await loadStageText(stage, catalog.language)] as const),
    ),
  );
  let opened: ReturnType<typeof findLesson<Lesson>> | undefined;
  let closed = false;
  // While servers come and go at our own order, what is seen of them is told by that work's own events.
  let working = 0;
  // While the course types the solution, what is wrong on the way is no mistake of the learner's.
  let playing = false;

  let titles: Awaited<ReturnType<typeof measurementTitles>> = new Map();
  let saidProgress: Progress | undefined;
  const sayCourse = (): void => {
    const progress = readProgress(lab.home.progress);
    if (progress === saidProgress) return;
    saidProgress = progress;
    const stages = courseEntries(catalog, { progress, introductions, titles });
    changes.say({ kind: 'course', stages, current: progress.current });
  };
  let compose: OwnComposeState | undefined;
  const sayLab = (): void => {
    changes.say({
      kind: 'lab',
      lab: { stage: lab.stage() as StageId | undefined, runtime: lab.runtime.kind, compose },
    });
  };

  const look = async (): Promise<void> => {
    compose = await lab.ownCompose();
    sayLab();
    if (opened && lab.stage() === opened.stage) {
      const lesson = opened;
      const seen = await grader.round(lesson, playing ? 'course' : 'learner');
      const { snapshot, verdict } = seen;
      if (!working && !playing && !closed)
        void follow(keeper.seen(lesson, seen) ?? Promise.resolve(undefined));
      changes.say({ kind: 'snapshot', snapshot });
      if (verdict.lesson === opened?.id) changes.say({ kind: 'verdicts', ...verdict });
      sayCourse();
      return;
    }
    const snapshot = await grader.observe();
    if (snapshot) changes.say({ kind: 'snapshot', snapshot });
  };

  let timer: NodeJS.Timeout | undefined;
  let round: Promise<void> | undefined;
  // The last look failed, and a notice says why.
  let blind = false;
  const lookNow = (): Promise<void> => {
    // A look that is still under way when another is asked for answers for both.
    round ??= look()
      .then(
        () => {
          // The engine is back, or whatever it was.
          if (blind) changes.say({ kind: 'notice', notice: null });
          blind = false;
        },
        (error: unknown) => {
          // What is taken down or changed meanwhile is told by the next look.
          if (closed || working || isMeanwhile(error)) return;
          blind = true;
          changes.say(noticeOf(error));
        },
      )
      .finally(() => {
        round = undefined;
        lookSoon(attention.interval());
      });
    return round;
  };
  const lookSoon = (delay: number): void => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(lookNow, delay);
  };

  // A fault ends with its lesson. Whoever only reads the next one need not wait for it.
  let faultsEnded = Promise.resolve();
  let toldOfFaults = false;
  const endFaults = async (): Promise<void> => {
    if (toldOfFaults) changes.say({ kind: 'notice', notice: null });
    toldOfFaults = false;
    try {
      // An exam of the lesson that was left would kill on.
      const wasExam = readExam(lab.home)?.state === 'running';
      await stopExam(lab.home);
      const undone = await undoAll(lab.runtime);
      if ((undone.length === 0 && !wasExam) || closed) return;
      toldOfFaults = true;
      const remedy = undone.find(({ problem }) => problem)?.problem?.remedy;
      const exam = wasExam ? ['The exam was broken off: it ends with its lesson.'] : [];
      const message = [...exam, ...undoneSentences(undone)].join(' ');
      changes.say({ kind: 'notice', notice: { message, remedy } });
      lookSoon(0);
    } catch (error) {
      if (!closed) changes.say(noticeOf(error));
    }
  };

  // What was begun and is not over: it may still look, and open connections anew.
  const underWay = new Set<Promise<unknown>>();
  const follow = <T>(task: Promise<T>): Promise<T> => {
    underWay.add(task);
    void task.catch(dropped).finally(() => underWay.delete(task));
    return task;
  };
  const leaving = new AbortController();
  const keeper = createStartKeeper({ lab, catalog, signal: leaving.signal });

  const work = (task: () => Promise<void>): Promise<void> => follow(doWork(task));
  const doWork = async (task: () => Promise<void>): Promise<void> => {
    working += 1;
    try {
      await faultsEnded;
      await task();
    } finally {
      working -= 1;
      changes.say({ kind: 'notice', notice: null });
      sayLab();
      sayCourse();
      lookSoon(0);
    }
  };

  const damaged = setDamagedProgressAside(lab.home.progress);
  if (damaged) {
    changes.say({
      kind: 'notice',
      notice: {
        message: `Your progress file was damaged (${damaged.reason}), so progress starts anew.`,
        remedy: `What was in it is kept as ${damaged.keptAs}`,
      },
    });
  }
  sayCourse();
  sayLab();
  const stopFollowing = followTraffic(lab.home, (traffic) => changes.say({ kind: 'traffic', traffic }));
  lookSoon(0);
  // Not waited for: the course can be listed without them. A text that cannot be read is told when it is opened.
  void measurementTitles(catalog).then(
    (read) => {
      titles = read;
      saidProgress = undefined;
      sayCourse();
    },
    () => {},
  );

  return {
    subscribe: changes.subscribe,
    stir() {
      if (attention.stir()) lookSoon(attention.interval());
    },
    async openLesson(id) {
      const lesson = findLesson(catalog, id);
      const text = await grader.text(lesson);
      const left = readProgress(lab.home.progress).current;
      const progress = await updateProgress(lab.home.progress, (before) => ({
        ...withLesson(before, lesson.id, {}),
        current: lesson.id,
      }));
      opened = lesson;
      if (left !== undefined && left !== lesson.id) faultsEnded = faultsEnded.then(endFaults);
      changes.forget('verdicts');
      sayCourse();
      lookSoon(0);
      const { plan } = lesson;
      return {
        id: lesson.id,
        stage: lesson.stage,
        minutes: plan.minutes,
        text,
        checks: plan.checks.map(({ title, at, kind, holdsAtStart }) => ({ title, at, kind, holdsAtStart })),
        questions: plan.questions.map((question) => ({
          question,
          wording: text.questions.get(question.id) ?? question.id,
          answer: progress.lessons[lesson.id]?.answers[question.id],
        })),
        ...(plan.file === undefined ? {} : { file: plan.file }),
        traffic: lessonTraffic(plan),
        shellAt: plan.checks[0]?.at ?? 'shard1a',
      } satisfies OpenLesson;
    },
    bringUp: (stage, onEvent, signal) => work(() => lab.up(stage, onEvent, signal)),
    gotoLesson: (id, onEvent, signal, { restart } = {}) =>
      work(() => goTo({ catalog, lab, grader, target: findLesson(catalog, id), restart, signal, onEvent })),
    async play({ begin, typeInto, signal }) {
      if (!opened) throw new Problem('no-lesson', 'No lesson is open, so there is no solution to type.');
      playing = true;
      try {
        return await follow(solve({ lab, grader, lesson: opened, typeInto, begin, signal }));
      } finally {
        playing = false;
      }
    },
    async answer(question, value) {
      if (!opened) throw new Problem('no-lesson', 'No lesson is open, so there is no question to answer.');
      await keepAnswer(lab.home, opened, question, value);
      lookSoon(0);
    },
    async look() {
      // What is under way may have begun before what is to be seen happened.
      await round;
      clearTimeout(timer);
      if (!closed) await lookNow();
    },
    shell: (service, kind, { terminal } = { terminal: true }) => lab.shell(service, { kind, terminal }),
    async workspaceFile(file) {
      const stage = opened?.stage ?? lab.stage();
      if (stage !== undefined) ensureWorkspaceFile(lab.home, file, await lab.places(stage));
      return lab.runtime.workspacePath(file);
    },
    fault: (fault, service) => work(() => makeFault(lab.runtime, fault, service)),
    async traffic(act, options) {
      await (act === 'start'
        ? startTraffic(lab, options)
        : stopTraffic(lab.home, { signal: leaving.signal }));
    },
    checkpoints: sessionCheckpoints({ lab, catalog, grader, work }),
    logs: (service, signal) => lab.runtime.logs(service, { tail: logTail, follow: true, signal }),
    async mistakes() {
      const progress = readProgress(lab.home.progress);
      return Promise.all(
        catalog.lessons.map(async (lesson) => mistakesOf(lesson, await grader.text(lesson), progress)),
      );
    },
    glossary: () => loadGlossary(),
    summary: (stage) =>
      summaryOf(findStage(catalog, stage), readProgress(lab.home.progress), catalog.language),
    async close() {
      closed = true;
      leaving.abort();
      stopFollowing();
      clearTimeout(timer);
      // The first close breaks off a look that is under way; the second closes what that look, or work that is being
      // cancelled, opened meanwhile, which would keep the process from ending.
      await grader.close();
      await round;
      await Promise.allSettled(underWay);
      await grader.close();
    },
  };
}
