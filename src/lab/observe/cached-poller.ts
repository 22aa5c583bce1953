import type { ServiceStatus } from '../runtime.js';

/** Milliseconds between two questions to the same server. */
const interval = 1_000;

/**
 * What servers say that say nothing unasked, and at rest should cost nothing: all of them are asked at most once a
 * second, and at once where a process is another one than before.
 */
export interface CachedPoller<Said> {
  /** By service. @param ask must not reject: a silent server is something to show */
  of(
    running: readonly ServiceStatus[],
    ask: (status: ServiceStatus) => Promise<Said>,
  ): Promise<ReadonlyMap<string, Said>>;
}

export function openCachedPoller<Said>(): CachedPoller<Said> {
  let last: { at: number; processes: string; said: ReadonlyMap<string, Said> } | undefined;
  return {
    async of(running, ask) {
      if (running.length === 0) return new Map();
      const at = Date.now();
      const processes = running.map(({ name, pid, since }) => [name, pid, since].join()).join();
      if (last && last.processes === processes && at - last.at < interval) return last.said;
      const said = new Map(
        await Promise.all(running.map(async (status) => [status.name, await ask(status)] as const)),
      );
      last = { at, processes, said };
      return said;
    },
  };
}
