import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import type { CheckVerdict } from '../../../src/grading/verdict.js';
import type { OpenLesson } from '../../../src/workbench/course-session.js';
import { initialState, type WorkbenchState } from '../../../src/workbench/state/state.js';
import { bottomLine } from '../../../src/workbench/view/bottom-line.js';
import { addShards, pendingVerdicts, wrongVerdicts } from '../support/fake-session.mjs';

/** The bottom line of a lesson whose checks say this. */
function lineOf(verdicts: readonly CheckVerdict[], lesson: OpenLesson = addShards, lab = true): string {
  const state: WorkbenchState = {
    ...initialState({ columns: 120, rows: 36 }),
    screen: 'lesson',
    lab: { stage: lab ? 'sharding' : undefined, runtime: 'local' },
    view: { lesson, verdicts, passed: false, measured: [], oncePassed: new Set(), hints: 0 },
  };
  return stripVTControlCharacters(bottomLine(state, 120));
}

const [pending] = pendingVerdicts;
if (!pending) throw new Error('a verdict is expected');
const passed: CheckVerdict = { ...pending, state: 'pass' };

test('undo is offered once a check is passed or wrong, and not before', () => {
  expect(lineOf([])).not.toContain('Z undo');
  expect(lineOf(pendingVerdicts)).not.toContain('Z undo');
  expect(lineOf(wrongVerdicts)).toContain('Z undo');
  expect(lineOf([passed])).toContain('Z undo');
});

test('a check that is passed at the start of the lesson already is no work to undo', () => {
  const [check] = addShards.checks;
  if (!check) throw new Error('a check is expected');
  const lesson: OpenLesson = { ...addShards, checks: [{ ...check, holdsAtStart: true }] };
  expect(lineOf([passed], lesson)).not.toContain('Z undo');
});

test('undo is not offered where no lab is up', () => {
  expect(lineOf(wrongVerdicts, addShards, false)).not.toContain('Z undo');
});
