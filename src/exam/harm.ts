import { makeFault } from '../lab/faults/faults.js';
import type { Lab } from '../lab/lab.js';
import { openClients } from '../lab/observe/clients.js';
import { openObserver } from '../lab/observe/observer.js';
import type { Snapshot } from '../lab/observe/snapshot.js';
import { upstreamsOf } from '../lab/observe/traefik-rawdata.js';
import { type PlannedFault, pickOf } from './plan.js';
import type { ExamFault, ExamFaultKind } from './report.js';

/** What does the harm of an exam, and mends it. */
export interface Harm {
  /** Begins what is due at this second of the rush, and waits for nothing. Throws where the one before failed. */
  at(second: number): void;
  made(): readonly ExamFault[];
  /** Starts again whatever it killed; resolves when it runs. Tried once more where the plan's own start has failed. */
  undo(): Promise<void>;
  close(): Promise<void>;
}

/** @param plan in the order of time */
export function openHarm(lab: Lab, plan: readonly PlannedFault[]): Harm {
  const clients = openClients(lab.runtime);
  const observer = openObserver(lab.runtime, clients);
  const made: ExamFault[] = [];
  const waiting = [...plan];
  /** Where the fault that is under way stands in `made`, and when it is to end. */
  let dead: { index: number; service: string; end: number } | undefined;
  let busy: Promise<void> = Promise.resolve();
  let failure: unknown;
  const next = (work: () => Promise<void>): void => {
    busy = busy.then(work).catch((error: unknown) => {
      failure ??= error;
    });
  };

  const kill = async ({ kind, lasts, pick }: PlannedFault, second: number): Promise<void> => {
    const stack = lab.runtime.stack();
    const service = stack && pickOf(victimsOf(kind, await observer.look(stack)), pick);
    if (service === undefined) return;
    dead = { index: made.length, service, end: second + lasts };
    made.push({ kind, service, at: Date.now() });
    await makeFault(lab.runtime, 'kill', service);
  };
  const mend = async (): Promise<void> => {
    if (!dead) return;
    const { index, service } = dead;
    await makeFault(lab.runtime, 'start', service);
    dead = undefined;
    made[index] = { ...(made[index] as ExamFault), until: Date.now() };
  };

  return {
    at(second) {
      // A failure to do harm is the exam's own.
      if (failure !== undefined) throw failure;
      const [due] = waiting;
      if (dead && second >= dead.end) {
        dead = { ...dead, end: Number.POSITIVE_INFINITY };
        next(mend);
      } else if (!dead && due && second >= due.at) {
        waiting.shift();
        next(() => kill(due, second));
      }
    },
    made: () => made,
    async undo() {
      await busy;
      await mend();
    },
    close: () => clients.close(),
  };
}

/** Shards that hold orders and nothing that all the shop needs: `products` is on shard1 alone. */
const shards = ['shard2', 'shard3'];

function victimsOf(kind: ExamFaultKind, { nodes }: Snapshot): readonly string[] {
  switch (kind) {
    case 'shop': {
      const gateway = nodes.find((node) => node.gateway)?.gateway;
      const used = new Set((gateway ? upstreamsOf(gateway) : []).map(({ service }) => service));
      return nodes.map(({ service }) => service).filter((service) => used.has(service));
    }
    case 'shard':
      return shards.flatMap(
        (set) => nodes.find(({ mongo }) => mongo?.role === 'primary' && mongo.set === set)?.service ?? [],
      );
    case 'redis': {
      const masters = nodes.filter(({ redis }) => redis?.role === 'master' && (redis.slots ?? 0) > 0);
      return masters.length > 0 ? masters.map(({ service }) => service) : ['redis'];
    }
  }
}
