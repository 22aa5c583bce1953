import { describe, expect, test } from 'vitest';
import { createClock, createWakefulness } from '../../../src/shop/traffic/clock.js';
import { createSchedule } from '../../../src/shop/traffic/schedule.js';

describe('the schedule', () => {
  test('fixes beforehand when each request is due, and gives each out once', () => {
    const schedule = createSchedule({ rate: 200, from: 1_000 });
    expect(schedule.due(1_012)).toEqual([1_000, 1_005, 1_010]);
    expect(schedule.due(1_012)).toEqual([]);
    expect(schedule.next()).toBe(1_015);
  });

  test('keeps the times of requests that are sent late', () => {
    const schedule = createSchedule({ rate: 10, from: 0 });
    expect(schedule.due(0)).toEqual([0]);
    expect(schedule.due(450)).toEqual([100, 200, 300, 400]);
  });

  test('does not drift, whatever the rate', () => {
    const schedule = createSchedule({ rate: 3, from: 0 });
    let count = 0;
    for (let now = 0; now < 60_000; now += 7) count += schedule.due(now).length;
    expect(count).toBe(180);
  });

  test('gives out many in parts, so that answers are taken in between', () => {
    const schedule = createSchedule({ rate: 1_000, from: 0 });
    expect(schedule.due(500)).toHaveLength(100);
    expect(schedule.next()).toBe(100);
  });

  test('gives up what was due before a time, and says how many', () => {
    const schedule = createSchedule({ rate: 100, from: 0 });
    schedule.due(0);
    expect(schedule.skipTo(60_005)).toBe(6_000);
    expect(schedule.due(60_005)).toEqual([]);
    expect(schedule.due(60_010)).toEqual([60_010]);
  });
});

describe('the clock', () => {
  test('goes on with the system after a sleep in which the steady one stood still, and never back', () => {
    const times = { steady: 0, system: 1_000_000 };
    const clock = createClock(
      () => times.steady,
      () => times.system,
    );
    expect(clock()).toBe(1_000_000);
    times.steady = 10;
    times.system += 3_600_000;
    expect(clock()).toBe(4_600_000);
    times.steady = 20;
    times.system -= 7_200_000;
    expect(clock()).toBe(4_600_010);
  });

  test('a process that did not run for a second and more slept; a busy one did not', () => {
    const asleepFor = createWakefulness(0);
    expect(asleepFor(250)).toBe(0);
    expect(asleepFor(1_240)).toBe(0);
    expect(asleepFor(31_240)).toBe(30_000);
    expect(asleepFor(31_250)).toBe(0);
  });
});
