import { Problem } from '../../problem.js';
import type { Stack } from '../compose/service.js';
import { type Container, isIsolated } from './containers.js';
import { containerName, networkName } from './document.js';
import { containersOf, type DockerLab, demand, serviceOf } from './lab.js';
import { dockerProblem } from './problems.js';
import { waitUntilReady } from './ready.js';

/**
 * Starts a service again, from whatever it is in (ended, paused, isolated, its container gone), and waits until its
 * server answers. Leaves all others alone.
 */
export async function start(lab: DockerLab, name: string): Promise<void> {
  const { stack } = lab.memory.read();
  const service = serviceOf(stack, name);
  const container = await find(lab, name);
  setEnded(lab, name, false);
  if (container?.State.Status === 'paused') await act(lab, name, 'unpause');
  else {
    const up = ['up', '--detach', '--no-deps', '--no-recreate', '--pull', 'never', name];
    await demand(lab, [...lab.compose, ...up], `starting ${name}`);
  }
  const started = await find(lab, name);
  if (started && isIsolated(started)) await rejoin(lab, name);
  await waitUntilReady(lab, stack as Stack, service);
}

/** Ends a service: `stop` asks its server to (SIGTERM, and 10 s), `kill` does not (SIGKILL). */
export async function end(lab: DockerLab, name: string, how: 'stop' | 'kill'): Promise<void> {
  const container = await find(lab, name);
  // Noted first: whoever looks while it ends should not take it for dead.
  setEnded(lab, name, true);
  if (isAlive(container)) await act(lab, name, how);
}

/** Freezes every process of a running service: its connections stay open and nobody answers. */
export async function pause(lab: DockerLab, name: string): Promise<void> {
  const container = await find(lab, name);
  if (container?.State.Status === 'paused') return;
  demandAlive(name, container);
  await act(lab, name, 'pause');
}

/** Lets a paused service go on. */
export async function resume(lab: DockerLab, name: string): Promise<void> {
  const container = await find(lab, name);
  if (container?.State.Status === 'running') return;
  demandAlive(name, container);
  await act(lab, name, 'unpause');
}

/** Cuts a running service off the network: it lives, reaches nobody, and nobody reaches it. */
export async function isolate(lab: DockerLab, name: string): Promise<void> {
  demandAlive(name, await find(lab, name));
  const args = ['network', 'disconnect', networkName(lab.project), containerName(lab.project, name)];
  const result = await lab.cli.call(args);
  const already = /is not connected to/i.test(result.stderr);
  if (result.code !== 0 && !already) throw dockerProblem(result, `isolating ${name}`);
}

/** Puts an isolated service back on the network, under its own name. */
export async function rejoin(lab: DockerLab, name: string): Promise<void> {
  serviceOf(lab.memory.read().stack, name);
  const args = [
    'network',
    'connect',
    '--alias',
    name,
    networkName(lab.project),
    containerName(lab.project, name),
  ];
  const result = await lab.cli.call(args);
  const already = /already exists in network/i.test(result.stderr);
  if (result.code !== 0 && !already) throw dockerProblem(result, `connecting ${name} again`);
}

/** Throws `service-not-running` where it has no running server. */
export function demandAlive(name: string, container: Container | undefined): void {
  if (isAlive(container)) return;
  throw new Problem('service-not-running', `${name} is not running, so there is nothing to do this to.`, {
    remedy: `Start it: mongo-scale-course fault start ${name}`,
  });
}

/** The service's container, if there is one. Throws `unknown-service`. */
export async function find(lab: DockerLab, name: string): Promise<Container | undefined> {
  const stack = lab.memory.read().stack;
  const service = serviceOf(stack, name);
  return (await containersOf(lab, { ...(stack as Stack), services: [service] })).get(name);
}

function isAlive(container: Container | undefined): boolean {
  return container?.State.Status === 'running' || container?.State.Status === 'paused';
}

async function act(
  lab: DockerLab,
  name: string,
  action: 'stop' | 'kill' | 'pause' | 'unpause',
): Promise<void> {
  const words = { stop: 'stopping', kill: 'killing', pause: 'pausing', unpause: 'resuming' };
  await demand(lab, ['container', action, containerName(lab.project, name)], `${words[action]} ${name}`);
}

function setEnded(lab: DockerLab, name: string, isEnded: boolean): void {
  const memory = lab.memory.read();
  const others = memory.ended.filter((other) => other !== name);
  lab.memory.write({ ...memory, ended: isEnded ? [...others, name] : others });
}
