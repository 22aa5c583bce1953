import { killProcess, stopProcess } from '../../machine/detached-process.js';
import type { ProcessIdentity } from '../../machine/process-table.js';
import type { DownReport, OnService } from '../runtime.js';
import type { StateFile } from './state.js';

/** A server of the lab that may run, and the name it is reported by. */
export interface Ending {
  readonly name: string;
  readonly process: ProcessIdentity;
  readonly isConfigServer?: boolean | undefined;
}

/**
 * Ends servers as an operator shuts down a cluster (manual: "Stop a Sharded Cluster"): config servers last. A shard
 * whose config servers have ended looks for them before it ends itself (16 s instead of 1 s with mongod 6.0.5).
 */
export async function stopServers(
  servers: readonly Ending[],
  onProgress: OnService = () => {},
): Promise<DownReport> {
  const waves = [
    servers.filter(({ isConfigServer }) => !isConfigServer),
    servers.filter(({ isConfigServer }) => isConfigServer),
  ];
  const stopped: string[] = [];
  const killed: string[] = [];
  for (const wave of waves) {
    await Promise.all(
      wave.map(async ({ name, process }) => {
        onProgress({ kind: 'service', service: name, phase: 'stopping' });
        const how = await stopProcess(process);
        const detail = how === 'killed' ? 'did not end by itself and was killed' : undefined;
        onProgress({ kind: 'service', service: name, phase: 'stopped', detail });
        if (how !== 'was not running') stopped.push(name);
        if (how === 'killed') killed.push(name);
      }),
    );
  }
  const order = waves.flat();
  return { stopped: inOrder(order, stopped), killed: inOrder(order, killed), removed: [] };
}

/** Kills all servers at once and waits until they are gone. Returns the names of those that ran. */
export async function killServers(
  servers: readonly Ending[],
  onProgress: OnService = () => {},
): Promise<readonly string[]> {
  const killed: string[] = [];
  await Promise.all(
    servers.map(async ({ name, process }) => {
      onProgress({ kind: 'service', service: name, phase: 'stopping' });
      if (await killProcess(process)) killed.push(name);
      onProgress({ kind: 'service', service: name, phase: 'stopped' });
    }),
  );
  return inOrder(servers, killed);
}

/** Notes that the lab's servers are meant to be down, so that they do not count as dead. */
export function markEnded(state: StateFile): void {
  const { services, ...rest } = state.read();
  const names = Object.keys(services);
  if (names.length === 0) return;
  const ended = Object.entries(services).map(([name, found]) => [name, { ...found, wanted: false }]);
  state.write({ ...rest, services: Object.fromEntries(ended) });
}

/** Servers that ended side by side are reported in the lab's order. */
function inOrder(servers: readonly Ending[], names: readonly string[]): readonly string[] {
  return servers.map(({ name }) => name).filter((name) => names.includes(name));
}
