import { calmHeartbeats, quickenHeartbeats } from '../lab/replica-sets/heartbeats.js';
import type { Runtime } from '../lab/runtime.js';
import type { TypeInto } from './typing.js';

/** Typing during which servers that join each other do so fast. */
interface Quickened {
  readonly typeInto: TypeInto;
  /** Gives the servers their own pace again. */
  calm(): Promise<void>;
}

/**
 * Spares a replay the pauses between two heartbeats of servers that join a replica set. The servers do the same things as
 * always, only sooner. (Redis Cluster is left at its own pace: with a shorter `cluster-node-timeout` its nodes take each
 * other for dead on a busy machine, and fail over.)
 */
export function quickened(runtime: Runtime, typeInto: TypeInto): Quickened {
  let isQuick = false;
  return {
    async typeInto(service, kind, input) {
      if (/\brs\.add\(/.test(input)) {
        isQuick = true;
        await quickenHeartbeats(runtime);
      }
      return typeInto(service, kind, input);
    },
    async calm() {
      if (isQuick) await calmHeartbeats(runtime);
    },
  };
}
