import { describe, expect, test } from 'vitest';
import { figuresOf, measureNew } from '../../src/grading/measure.js';
import { choice, type LabView, lesson, measurement, number } from '../../src/lesson/lesson.js';

const titles = new Map([['outage', 'How long the shop was away']]);
const lab = {} as LabView;
const planOf = (measure: () => Promise<number | undefined>, questions = [number('outage', 's')]) =>
  lesson({
    minutes: 1,
    checks: [],
    solution: [],
    questions,
    measurements: [measurement('outage', { unit: 's', measure })],
  });

describe('measuring', () => {
  test('gives what is to be had now', async () => {
    expect(
      await measureNew(
        planOf(async () => 11.2),
        lab,
        {},
      ),
    ).toEqual({ outage: 11.2 });
    expect(
      await measureNew(
        planOf(async () => undefined),
        lab,
        {},
      ),
    ).toEqual({});
  });

  test('is done once: what is known is not measured again', async () => {
    const again = planOf(() => Promise.reject(new Error('measured again')));
    expect(await measureNew(again, lab, { outage: 11.2 })).toEqual({});
  });

  test('that fails has no value yet', async () => {
    const failing = planOf(() => Promise.reject(new Error('no primary')));
    expect(await measureNew(failing, lab, {})).toEqual({});
  });
});

describe('a figure', () => {
  const plan = planOf(async () => 11.2);
  const measured = { outage: 11.2 };

  test('is not told before it was predicted', () => {
    const [figure] = figuresOf(plan, { measured, answers: {}, titles });
    expect(figure).toEqual({
      id: 'outage',
      title: 'How long the shop was away',
      unit: 's',
      state: 'unpredicted',
    });
  });

  test('stands beside its prediction', () => {
    expect(figuresOf(plan, { measured, answers: { outage: '3' }, titles })).toMatchObject([
      { state: 'measured', predicted: 3, value: 11.2 },
    ]);
    expect(figuresOf(plan, { measured: {}, answers: { outage: '3' }, titles })).toMatchObject([
      { state: 'unmeasured', predicted: 3 },
    ]);
  });

  test('may be predicted by a choice, or not at all', () => {
    const chosen = { ...plan, questions: [choice('outage', ['seconds', 'minutes'])] };
    expect(figuresOf(chosen, { measured, answers: { outage: 'minutes' }, titles })).toMatchObject([
      { predicted: 'minutes', value: 11.2 },
    ]);
    const [unasked] = figuresOf({ ...plan, questions: [] }, { measured, answers: {}, titles });
    expect(unasked).toMatchObject({ state: 'measured', value: 11.2 });
    expect(unasked).not.toHaveProperty('predicted');
  });
});
