import type { UpEvent } from '../runtime.js';
import type { Program, Service } from '../service.js';
import {
  dispensable,
  type FoundProgram,
  findProgram,
  lookUpProgram,
  type ProgramName,
  shellOf,
} from './programs.js';

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
  const servers: readonly Program[] = [...new Set(services.map(({ program }) => program))];
  const shells = servers.map(shellOf).filter((name) => name !== undefined);
  const found = await Promise.all(
    [...new Set<ProgramName>([...servers, ...shells])].map(async (name) => {
      const find = (dispensable as readonly ProgramName[]).includes(name)
        ? lookUpProgram(name)
        : findProgram(name, fetching);
      return [name, await find] as const;
    }),
  );
  return new Map(found.flatMap(([name, program]) => (program ? [[name, program]] : [])));
}
