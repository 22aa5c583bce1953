import type { Home } from '../../home.js';
import { killProcess, stopProcess } from '../../machine/detached-process.js';
import { lookUpProcesses, type ProcessIdentity } from '../../machine/process-table.js';
import type { OnService } from '../runtime.js';
import { isOfLab, type LabProcess, labProcesses } from './lab-processes.js';
import type { ServiceRecord, StateFile } from './state.js';

/** A lab and its record. */
export interface RecordedLab {
  readonly home: Home;
  readonly state: StateFile;
}

/** A recorded server that runs. */
export interface Live {
  readonly record: ServiceRecord;
  readonly process: ProcessIdentity;
}

/** Takes over what an earlier run of the course started but could not note any more, because it was killed. */
export async function adoptUnrecorded({ home, state }: RecordedLab): Promise<void> {
  const lost = Object.entries(state.read().services).filter(([, { process, wanted }]) => wanted && !process);
  if (lost.length === 0) return;
  const found = await labProcesses(home);
  for (const [name, record] of lost) {
    const process = found.find((one) => one.name === name)?.process;
    if (process) state.update(name, { ...record, process });
  }
}

/** Processes of this lab that its record does not know of: the record was lost or edited, or names another process. */
export async function strays({ home, state }: RecordedLab): Promise<readonly LabProcess[]> {
  const live = await liveServices({ home, state });
  const known = new Set([...live.values()].map(({ process }) => process.pid));
  return (await labProcesses(home)).filter(({ process }) => !known.has(process.pid));
}

/** They hold the ports and the data of the servers that are to be started. */
export async function endStrays(
  lab: RecordedLab & { readonly onProgress: OnService },
  only: (name: string) => boolean,
): Promise<void> {
  const servers = (await strays(lab)).filter(({ name }) => only(name));
  await Promise.all(
    servers.map(async ({ name, process, dataRemoved }) => {
      lab.onProgress({ kind: 'service', service: name, phase: 'stopping' });
      await (dataRemoved ? killProcess(process) : stopProcess(process));
      lab.onProgress({ kind: 'service', service: name, phase: 'stopped', detail: 'was not in the record' });
    }),
  );
}

/** The recorded servers that run. */
export async function liveServices({ home, state }: RecordedLab): Promise<ReadonlyMap<string, Live>> {
  const recorded = Object.entries(state.read().services);
  const views = await lookUpProcesses(recorded.flatMap(([, { process }]) => (process ? [process.pid] : [])));
  const live = await Promise.all(
    recorded.map(async ([name, record]): Promise<[string, Live][]> => {
      const { process } = record;
      const alive = process && views.get(process.pid)?.startedAt === process.startedAt;
      return alive && (await isOfLab(home, process.pid)) ? [[name, { record, process }]] : [];
    }),
  );
  return new Map(live.flat());
}
