/** So long without anything happening is not a busy machine, but a process that was stopped or a laptop that slept. */
export const asleepFrom = 1_000;

/**
 * Milliseconds since the epoch that only go forward, exact enough to measure with: the system's steady clock, moved on
 * when that one stood still in sleep, and not moved back when somebody sets the system's time.
 */
export function createClock(steady = () => performance.now(), system = () => Date.now()): () => number {
  let offset = system() - steady();
  return () => {
    const ahead = system() - (steady() + offset);
    if (ahead >= asleepFrom) offset += ahead;
    return steady() + offset;
  };
}

/**
 * Tells how long this process did not run before `now`; 0 when it did all the time. To be asked first of all with
 * everything that happens: what lies before a sleep and is told after it says nothing of the shop.
 */
export function createWakefulness(from: number): (now: number) => number {
  let last = from;
  return (now) => {
    const gap = now - last;
    last = now;
    return gap >= asleepFrom ? gap : 0;
  };
}
