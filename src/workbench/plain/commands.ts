import { findTerms } from '../../course/glossary.js';
import type { LessonId, StageId } from '../../course/types.js';
import { faultWords } from '../../lab/faults/faults.js';
import { usageProblem } from '../../problem.js';
import type { GotoEvent } from '../../replay/goto-event.js';
import { restoreEffect, undoEffect } from '../../replay/route-words.js';
import { neighbourLesson } from '../control/lesson-order.js';
import type { CourseSession, QuestionEntry } from '../course-session.js';
import { isAvailable, shellService } from '../state/selectors.js';
import type { LessonView, WorkTarget } from '../state/state.js';
import type { Store } from '../state/store.js';
import { isUnderWay } from '../state/work.js';
import { matchingLessons } from '../view/search.js';
import { checksText } from './check-text.js';
import { checkpointsText, parseCheckpoint } from './checkpoint.js';
import { courseText, helpText, statusText } from './course-text.js';
import { parseFault } from './fault.js';
import { debriefText, hintText, lessonText, questionText } from './lesson-text.js';
import { diagramsOf } from './markdown.js';
import { glossaryText, mistakesText, summaryText } from './page-text.js';
import { trafficText } from './traffic-text.js';
import type { PlainCommand } from './words.js';
import { workDone, workLines } from './work-text.js';

interface CommandOptions {
  readonly store: Store;
  readonly session: CourseSession;
  readonly width: number;
  readonly say: (...lines: readonly string[]) => void;
  /** Asks for one line more; undefined at the end of the input. */
  readonly ask: (question: string) => Promise<string | undefined>;
  /** Gives the input to the shell of a service until it ends. */
  readonly openShell: (service: string) => Promise<void>;
}

export interface PlainCommands {
  /** Runs one command to its end. Rejects with a `Problem` where it cannot be done. */
  run(command: Exclude<PlainCommand, 'quit'>, argument: string): Promise<void>;
  openLesson(id: LessonId): Promise<void>;
  /** Breaks off what is under way; false where nothing is. */
  breakOff(): boolean;
}

export function createPlainCommands({
  store: { getState, dispatch },
  session,
  width,
  say,
  ask,
  openShell,
}: CommandOptions): PlainCommands {
  let cancellation = new AbortController();

  const view = (): LessonView => {
    const { view: open } = getState();
    if (open === undefined) throw usageProblem('no-lesson', 'No lesson is open.', 'The word list names all.');
    return open;
  };

  const openLesson = async (id: LessonId): Promise<void> => {
    dispatch({ type: 'lesson-opened', lesson: await session.openLesson(id) });
    say(...lessonText(view(), getState(), width));
  };

  const openNeighbour = async (step: 1 | -1): Promise<void> => {
    const lesson = neighbourLesson(getState().stages, view().lesson.id, step);
    if (lesson === undefined) say(step === 1 ? 'This was the last lesson.' : 'This is the first lesson.');
    else await openLesson(lesson);
  };

  /** The one lesson that a text names; the open one where there is no text. */
  const lessonNamed = (text: string): LessonId => {
    if (text === '') return view().lesson.id;
    const found = matchingLessons(getState().stages, text);
    const [only] = found.filter((id) => found.length === 1 || id === text);
    if (only !== undefined) return only;
    throw usageProblem(
      'unknown-lesson',
      found.length === 0 ? `No lesson has "${text}" in its title or id.` : `"${text}" is in several lessons.`,
      found.length === 0 ? 'The word list names all.' : `Say which: ${found.join(', ')}.`,
    );
  };

  const bring = (target: WorkTarget, onEvent: (event: GotoEvent) => void, signal: AbortSignal) =>
    target.kind === 'up'
      ? session.bringUp(target.stage, onEvent, signal)
      : session.gotoLesson(target.lesson, onEvent, signal, { restart: target.restart });

  const work = async (target: WorkTarget, task = bring, done = workDone(target)): Promise<void> => {
    cancellation = new AbortController();
    const { signal } = cancellation;
    const lines = workLines((line) => say(line));
    const { onEvent } = lines;
    dispatch({ type: 'work-started', target });
    try {
      await task(target, onEvent, signal);
      say(done);
      if (target.kind === 'goto') await openLesson(target.lesson);
    } catch (error) {
      if (!signal.aborted) throw error;
      say('Cancelled. What is up stays up.');
    } finally {
      lines.close();
      dispatch({ type: 'work-done' });
    }
  };

  const isSure = async (): Promise<boolean> => {
    const typed = await ask('Type yes to go on:');
    if (typed?.trim().toLowerCase() === 'yes') return true;
    say('Nothing was changed.');
    return false;
  };

  const answer = async (value: string): Promise<void> => {
    const { questions } = view().lesson;
    const entry = questions.find((candidate) => candidate.answer === undefined) ?? questions[0];
    if (entry === undefined) return say('This lesson asks no question.');
    if (value === '') say(...questionText(entry, width));
    const given = value || (await ask('Your answer, or an empty line for none:'))?.trim();
    if (!given) return say('Not answered.');
    const chosen = choiceAt(entry, given);
    await session.answer(entry.question.id, chosen);
    dispatch({ type: 'question-answered', question: entry.question.id, value: chosen });
    say(`Kept: ${chosen}.`);
    await session.look();
  };

  const check = async (): Promise<void> => {
    const { lesson } = view();
    if (getState().lab?.stage !== lesson.stage) {
      return say(`Stage ${lesson.stage} is not up, so there is nothing to look at. The word up starts it.`);
    }
    await session.look();
    say(...checksText(view(), width));
  };

  const run: Readonly<Record<Exclude<PlainCommand, 'quit'>, (argument: string) => void | Promise<void>>> = {
    lesson: () => say(...lessonText(view(), getState(), width)),
    next: () => openNeighbour(1),
    back: () => openNeighbour(-1),
    open: (text) => openLesson(lessonNamed(text)),
    list: (text) => say(...courseText(getState(), text)),
    hint() {
      if (view().hints === view().lesson.text.hints.length) say('That was the last hint.');
      dispatch({ type: 'hint-unfolded' });
      say(...hintText(view(), width));
    },
    answer,
    check,
    debrief() {
      if (view().passed) say(...debriefText(view(), width));
      else say('The debrief comes once every check is passed.');
    },
    diagram() {
      const diagrams = diagramsOf(view().lesson.text.body);
      say(...(diagrams.length === 0 ? ['This lesson has no diagram.'] : diagrams.join('\n\n').split('\n')));
    },
    async shell(named) {
      if (named === '' && !isAvailable('shell', getState())) {
        return say(`Stage ${view().lesson.stage} is not up. The word up starts its servers.`);
      }
      await openShell(named || (shellService(getState()) ?? view().lesson.shellAt));
      await session.look();
    },
    async file() {
      const { file } = view().lesson;
      say(file === undefined ? 'This lesson is about no file.' : await session.workspaceFile(file));
    },
    async traffic(act) {
      if (act === 'start' || act === 'stop') await session.traffic(act, getState().view?.lesson.traffic);
      else if (act !== '')
        throw usageProblem(
          'unknown-traffic',
          `Traffic cannot ${act}.`,
          'Say traffic, traffic start or traffic stop.',
        );
      else say(...trafficText(getState()));
    },
    async fault(text) {
      const { fault, service } = parseFault(text);
      await session.fault(fault, service);
      say(`${service} is ${faultWords[fault]}.`);
      await session.look();
    },
    status: () => say(...statusText(getState())),
    async up() {
      await work({ kind: 'up', stage: view().lesson.stage as StageId });
      await session.look();
    },
    async goto(text) {
      const lesson = lessonNamed(text);
      say(
        `The lab is brought to the start of ${lesson}: the course types the solutions of the lessons before it, for real.`,
        'A lab that cannot be led there is emptied first, with all that is in it; your progress is kept.',
      );
      if (await isSure()) await work({ kind: 'goto', lesson });
    },
    async undo() {
      const lesson = view().lesson.id;
      say(undoEffect);
      if (await isSure()) await work({ kind: 'goto', lesson, restart: true });
    },
    async checkpoint(text) {
      const { act, name } = parseCheckpoint(text);
      if (act === 'save') {
        await session.checkpoints.save(name);
        return say(`Saved ${name}. The words checkpoint restore ${name} bring the lab back to it.`);
      }
      const { lesson } = await session.checkpoints.find(name);
      say(restoreEffect(name));
      if (!(await isSure())) return;
      await work(
        { kind: 'goto', lesson: lesson as LessonId },
        (_, onEvent, signal) => session.checkpoints.restore(name, onEvent, signal),
        `The lab is as in the checkpoint ${name}.`,
      );
    },
    checkpoints: async () => say(...checkpointsText(await session.checkpoints.list())),
    mistakes: async () => say(...mistakesText(await session.mistakes(), width)),
    async glossary(word) {
      const terms = await session.glossary();
      say(...glossaryText(word === '' ? terms : findTerms(terms, word), width));
    },
    summary: async (stage) =>
      say(...summaryText(await session.summary((stage || view().lesson.stage) as StageId), width)),
    help: () => say(...helpText()),
  };

  return {
    async run(command, argument) {
      await run[command](argument);
    },
    openLesson,
    breakOff() {
      if (!isUnderWay(getState().work)) return false;
      dispatch({ type: 'work-cancelling' });
      cancellation.abort();
      return true;
    },
  };
}

/** A choice may be given by its number. */
function choiceAt({ question }: QuestionEntry, given: string): string {
  if (question.kind !== 'choice' || question.options.includes(given)) return given;
  return question.options[Number(given) - 1] ?? given;
}
