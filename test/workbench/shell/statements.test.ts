import { expect, test } from 'vitest';
import { findLesson, loadCatalog } from '../../../src/course/catalog.js';
import type { Lesson } from '../../../src/lesson/lesson.js';
import { statementsOf } from '../../../src/workbench/shell/statements.js';

test('a line is a statement', () => {
  expect(statementsOf('use shop\ndb.orders.countDocuments()\n')).toEqual([
    'use shop',
    'db.orders.countDocuments()',
  ]);
  expect(statementsOf('\n\na\n\nb  \n')).toEqual(['a', 'b']);
  expect(statementsOf('')).toEqual([]);
});

test('lines belong together while a bracket, a template or a comment is open', () => {
  const object = 'rs.initiate({\n  _id: "shard1", // (one\n  members: [\n    { _id: 0 },\n  ],\n})';
  expect(statementsOf(`${object}\nrs.status()`)).toEqual([object, 'rs.status()']);
  expect(statementsOf('print(`a\n{`)\nb')).toEqual(['print(`a\n{`)', 'b']);
  expect(statementsOf('/* one\n( */\nb')).toEqual(['/* one\n( */', 'b']);
});

test('brackets in quotes and after an escaped quote do not count', () => {
  expect(statementsOf('print("(")\nb')).toEqual(['print("(")', 'b']);
  expect(statementsOf("print('\\'(')\nb")).toEqual(["print('\\'(')", 'b']);
  expect(statementsOf("it's (\nnever closed")).toEqual(["it's (", 'never closed']);
});

test('what is never closed is one statement', () => {
  expect(statementsOf('f({\n  a')).toEqual(['f({\n  a']);
});

test('no statement of a lesson’s solution is torn apart', async () => {
  const catalog = await loadCatalog<Lesson>();
  const lessons = catalog.stages.flatMap((stage) => stage.lessons.map(({ id }) => findLesson(catalog, id)));
  const typed = lessons.flatMap(({ plan }) =>
    plan.solution.flatMap((step) => (step.kind === 'shell' ? statementsOf(step.lines) : [])),
  );
  expect(typed.length).toBeGreaterThan(10);
  for (const statement of typed) {
    const count = (pattern: RegExp) => statement.match(pattern)?.length ?? 0;
    expect(count(/[([{]/g), statement).toBe(count(/[)\]}]/g));
  }
});
