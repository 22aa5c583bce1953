import { expect, it } from 'vitest';
import { planFaults, rushSeconds } from '../../src/exam/plan.js';

const seeds = Array.from({ length: 200 }, (_, seed) => seed);

it('plans the same for the same seed, and not the same for all', () => {
  expect(planFaults(7)).toEqual(planFaults(7));
  expect(new Set(seeds.map((seed) => JSON.stringify(planFaults(seed)))).size).toBe(seeds.length);
});

it('has one fault of each kind, one after the other, each over well before the end', () => {
  for (const plan of seeds.map(planFaults)) {
    expect(plan.map(({ kind }) => kind).sort()).toEqual(['redis', 'shard', 'shop']);
    for (const [index, { at, lasts }] of plan.entries()) {
      const end = plan[index + 1]?.at ?? rushSeconds;
      expect(at + lasts).toBeLessThan(end - 2);
    }
  }
});

it('puts each kind first for some seeds', () => {
  expect(new Set(seeds.map((seed) => planFaults(seed)[0]?.kind)).size).toBe(3);
});
