import { constants } from 'node:os';
import type { Service } from '../compose/service.js';
import type { ServiceState, ServiceStatus } from '../runtime.js';

/** What `docker container inspect` says, as far as the course reads it (Engine API, `ContainerInspect`). */
export interface Container {
  readonly Id: string;
  readonly Name: string;
  readonly State: {
    readonly Status: 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
    readonly ExitCode: number;
    readonly Error: string;
    readonly OOMKilled: boolean;
    readonly StartedAt: string;
  };
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, unknown>> | null };
  readonly Config: {
    readonly Image: string;
    readonly Env: readonly string[] | null;
    readonly Labels: Readonly<Record<string, string>> | null;
  };
}

/** One JSON document a line, as `--format '{{json .}}'` prints them. */
export function readContainers(stdout: string): readonly Container[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Container);
}

/**
 * The status of a service, from its container.
 * @param ended whether the course itself ended it: an ended container does not tell who did
 */
export function serviceStatus(
  service: Service,
  container: Container | undefined,
  ended: boolean,
  address: string,
): ServiceStatus {
  const state = stateOf(container, ended);
  const alive = state === 'running' || state === 'paused' || state === 'starting';
  return {
    name: service.name,
    program: service.program,
    runs: container && whatRuns(service, container),
    state,
    address,
    since: alive ? container?.State.StartedAt : undefined,
    detail: container && detailOf(container, state),
  };
}

/** Whether a container that has a process is on no network: its own doing of `isolate`. */
export function isIsolated({ State, NetworkSettings }: Container): boolean {
  const alive = State.Status === 'running' || State.Status === 'paused';
  return alive && Object.keys(NetworkSettings.Networks ?? {}).length === 0;
}

function detailOf(container: Container, state: ServiceState): string | undefined {
  if (state === 'dead') return howItEnded(container);
  return isIsolated(container) ? 'cut off the network' : undefined;
}

function stateOf(container: Container | undefined, ended: boolean): ServiceState {
  switch (container?.State.Status) {
    case 'running':
      return 'running';
    case 'paused':
      return 'paused';
    case 'restarting':
      return 'starting';
    case 'created':
      // Made but never started: the engine could not (its error says why), or it is about to be.
      return container.State.Error ? 'dead' : 'starting';
    case undefined:
      return ended ? 'stopped' : 'absent';
    default:
      return ended ? 'stopped' : 'dead';
  }
}

/** Official images name their version in the environment; an image of the course says in a label what its `mongos` is. */
function whatRuns(service: Service, { Config }: Container): string {
  const named = Config.Labels?.[`mongo-scale-course.${service.program}`];
  if (named) return named;
  const variable = service.program.startsWith('mongo')
    ? 'MONGO_VERSION='
    : `${service.program.split('-')[0]}_VERSION=`;
  const version = Config.Env?.find((entry) => entry.toUpperCase().startsWith(variable.toUpperCase()));
  return version
    ? `${service.program} ${version.slice(variable.length)}`
    : `${service.program} in ${Config.Image}`;
}

/** How a container ended, in words. */
function howItEnded(container: Container): string {
  if (container.State.OOMKilled) return 'killed by the kernel: no memory left';
  if (container.State.Error) return container.State.Error;
  const end = endOf(container);
  return typeof end === 'string' ? `ended by ${end}` : `ended with exit code ${end}`;
}

/** The exit code of a container, or the name of the signal that ended it: exit codes above 128 are 128 + signal. */
export function endOf({ State }: Container): number | string {
  const signal = Object.entries(constants.signals).find(([, number]) => number === State.ExitCode - 128);
  return signal?.[0] ?? State.ExitCode;
}
