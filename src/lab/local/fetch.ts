import type { Program, Service } from '../compose/service.js';
import type { UpEvent } from '../runtime.js';
import { sweepCache } from './programs/cache-health.js';
import { type ProgramName, shellOf } from './programs/program-name.js';
import { dispensable, type FoundProgram, findProgram, lookUpProgram } from './programs/programs.js';

interface Fetching {
  readonly onProgress: (event: UpEvent) => void;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Finds or fetches all that these services run, and the shells a learner needs to talk to them: better fetched
 * ahead, with progress, than when a shell is opened. A dispensable program that is not there is left out. Throws
 * what `findProgram` throws.
 */
export async function fetchPrograms(
  services: readonly Service[],
  fetching: Fetching,
): Promise<ReadonlyMap<ProgramName, FoundProgram>> {
  await sweepCache();
  const servers: readonly Program[] = [...new Set(services.map(({ program }) => program))];
  const shells = servers.map(shellOf).filter((name) => name !== undefined);
  const find = (name: ProgramName, signal: AbortSignal): Promise<FoundProgram | undefined> =>
    (dispensable as readonly ProgramName[]).includes(name)
      ? lookUpProgram(name)
      : findProgram(name, { onProgress: fetching.onProgress, signal });
  const found = new Map<ProgramName, FoundProgram>();
  await allOrNone(
    [...new Set<ProgramName>([...servers, ...shells])],
    fetching.signal,
    async (name, signal) => {
      const program = await find(name, signal);
      if (program) found.set(name, program);
    },
  );
  return found;
}

/** Works on all side by side. The first failure breaks the others off, and is thrown once they have ended. */
async function allOrNone<T>(
  items: readonly T[],
  outer: AbortSignal | undefined,
  work: (item: T, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const failure = new AbortController();
  const signal = outer ? AbortSignal.any([outer, failure.signal]) : failure.signal;
  await Promise.allSettled(
    items.map((item) => work(item, signal).catch((cause: unknown) => failure.abort(cause))),
  );
  outer?.throwIfAborted();
  failure.signal.throwIfAborted();
}
