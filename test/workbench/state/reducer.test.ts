import { expect, test } from 'vitest';
import type { CheckVerdict } from '../../../src/grading/verdict.js';
import type { Action } from '../../../src/workbench/state/actions.js';
import { reduce } from '../../../src/workbench/state/reducer.js';
import { initialState, type WorkbenchState } from '../../../src/workbench/state/state.js';
import { isLost } from '../../../src/workbench/view/checks-lines.js';
import { addShards, passedVerdicts, pendingVerdicts, snapshot, stages } from '../support/fake-session.mjs';

const start = initialState({ columns: 120, rows: 36 });

function after(state: WorkbenchState, ...actions: Action[]): WorkbenchState {
  return actions.reduce(reduce, state);
}

const opened = after(start, { type: 'lesson-opened', lesson: addShards });

function verdicts(checks: readonly CheckVerdict[], lesson = addShards.id): Action {
  const passed = checks.every((check) => check.state === 'pass');
  return { type: 'session-event', event: { kind: 'verdicts', lesson, passed, checks, measured: [] } };
}

test('the cursor begins where the learner left off, and stays where he put it', () => {
  const course = { kind: 'course', stages, current: 'sharding/add-shards' } as const;
  const first = after(start, { type: 'session-event', event: course });
  expect(first.cursor).toBe('sharding/add-shards');
  const moved = after(first, { type: 'cursor-moved', lesson: 'single-node/first-mongod' });
  expect(after(moved, { type: 'session-event', event: course }).cursor).toBe('single-node/first-mongod');
});

test('without a lesson to resume the cursor is on the first', () => {
  const course = { kind: 'course', stages, current: undefined } as const;
  expect(after(start, { type: 'session-event', event: course }).cursor).toBe('single-node/first-mongod');
});

test('a lesson opens at its top with no hint unfolded', () => {
  const reading = after(opened, { type: 'hint-unfolded' }, { type: 'scrolled', pane: 'lesson', top: 7 });
  expect([reading.view?.hints, reading.scroll.lesson]).toEqual([1, 7]);
  const again = after(reading, { type: 'lesson-opened', lesson: addShards });
  expect([again.view?.hints, again.scroll.lesson]).toEqual([0, 0]);
});

test('hints end with the last', () => {
  const hint: Action = { type: 'hint-unfolded' };
  expect(after(opened, hint, hint, hint, hint).view?.hints).toBe(3);
});

test('verdicts of another lesson change nothing', () => {
  expect(after(opened, verdicts(passedVerdicts, 'sharding/config-server'))).toBe(opened);
});

test('passing a lesson leaves the learner where he is', () => {
  const passed = after(opened, verdicts(passedVerdicts));
  expect([passed.view?.passed, passed.screen, passed.view?.lesson.id]).toEqual([
    true,
    'lesson',
    addShards.id,
  ]);
});

test('a check that was passed and is not any more is lost, until it passes again', () => {
  const passed = after(opened, verdicts(passedVerdicts));
  const lost = after(passed, verdicts(pendingVerdicts));
  expect(lost.view && isLost(lost.view, 0)).toBe(true);
  const back = after(lost, verdicts(passedVerdicts));
  expect(back.view && isLost(back.view, 0)).toBe(false);
});

test('a look that failed loses nothing, and hides no loss', () => {
  const failed = pendingVerdicts.map((verdict): CheckVerdict => ({ ...verdict, state: 'error' }));
  const unseen = after(opened, verdicts(passedVerdicts), verdicts(failed));
  expect(unseen.view && isLost(unseen.view, 0)).toBe(false);
  const seen = after(unseen, verdicts(pendingVerdicts));
  expect(seen.view && isLost(seen.view, 0)).toBe(true);
});

test('the snapshot of a lab that went down is forgotten', () => {
  const up = after(start, { type: 'session-event', event: { kind: 'snapshot', snapshot } });
  expect([up.snapshot, up.node]).toEqual([snapshot, 'config1']);
  const down = after(up, {
    type: 'session-event',
    event: { kind: 'lab', lab: { stage: undefined, runtime: 'local' } },
  });
  expect(down.snapshot).toBeUndefined();
});

test('the lab cursor stays on its node, and moves to the first when that is gone', () => {
  const chosen = after(
    start,
    { type: 'session-event', event: { kind: 'snapshot', snapshot } },
    { type: 'node-chosen', node: 'router1' },
  );
  const again = after(chosen, { type: 'session-event', event: { kind: 'snapshot', snapshot } });
  expect(again.node).toBe('router1');
  const fewer = { ...snapshot, nodes: snapshot.nodes.filter((node) => node.service !== 'router1') };
  const gone = after(again, { type: 'session-event', event: { kind: 'snapshot', snapshot: fewer } });
  expect(gone.node).toBe('config1');
});

test('of each program, service and lesson under way only the last event is kept, in the order they came', () => {
  const { work } = after(
    start,
    { type: 'work-started', target: { kind: 'goto', lesson: 'sharding/add-shards' } },
    { type: 'work-event', event: { kind: 'service', service: 'config1', phase: 'starting' } },
    { type: 'work-event', event: { kind: 'service', service: 'shard1a', phase: 'starting' } },
    { type: 'work-event', event: { kind: 'service', service: 'config1', phase: 'ready', seconds: 1 } },
    { type: 'work-event', event: { kind: 'replay', lesson: 'sharding/config-server', phase: 'typing' } },
    {
      type: 'work-event',
      event: {
        kind: 'typing',
        lesson: 'sharding/config-server',
        typing: { how: 'shell', at: 'config1', input: 'rs.initiate()\nrs.status()' },
      },
    },
  );
  expect(work?.services.map(({ service, phase }) => `${service} ${phase}`)).toEqual([
    'config1 ready',
    'shard1a starting',
  ]);
  expect(work?.replays).toEqual([
    { lesson: 'sharding/config-server', phase: 'typing', line: 'config1> rs.initiate()' },
  ]);
});

test('work events after the work was left change nothing', () => {
  expect(after(start, { type: 'work-done' })).toBe(start);
});

test('an answer is kept with its question', () => {
  const answered = after(opened, { type: 'question-answered', question: 'share', value: '50' });
  expect(answered.view?.lesson.questions.map((entry) => entry.answer)).toEqual(['50', undefined]);
});
