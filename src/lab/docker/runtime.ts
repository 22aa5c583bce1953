import { stripVTControlCharacters } from 'node:util';
import type { Home } from '../../home.js';
import { addressesOf } from '../addresses.js';
import type { Stack } from '../compose/service.js';
import type { Runtime, ServiceStatus } from '../runtime.js';
import { workspacePath } from '../workspace/workspace.js';
import { type DockerCli, dockerCli } from './cli.js';
import { serviceStatus } from './containers.js';
import { clear, dataAgent, prepare } from './data.js';
import { killAll, takeDown } from './down.js';
import { demandAlive, end, find, isolate, pause, rejoin, resume, start } from './faults.js';
import { fetchAhead, imagesOf } from './images.js';
import { containersOf, type DockerLab, dockerLab, serviceOf } from './lab.js';
import { type Look, lookThroughSocket } from './look.js';
import { shellIn } from './shell.js';
import { bringUp } from './up.js';

/**
 * The runtime that runs each service in a container, through `docker compose`. Opening it talks to no engine;
 * each method throws the `Problem` that says what is wrong with Docker (`docker-not-running`, …) when it must.
 */
export async function openDockerRuntime(
  home: Home,
  cli: DockerCli = dockerCli,
  look: Look = lookThroughSocket(cli),
): Promise<Runtime> {
  const lab = dockerLab(home, cli, look);
  const stack = (): Stack | undefined => lab.memory.read().stack;
  const addresses = () => addressesOf(stack(), 'docker');
  return {
    kind: 'docker',
    stack,
    fetch: (stacks, onProgress, signal) => fetchAhead(cli, imagesOf(stacks), onProgress, signal),
    up: (wanted, onProgress, signal) => bringUp(lab, wanted, onProgress, signal),
    down: (options, onProgress) => takeDown(lab, options, onProgress),
    killAll: (onProgress) => killAll(lab, onProgress),
    clear: (onProgress) => clear(lab, onProgress),
    prepare: (next) => prepare(lab, next),
    dataAgent: (task, objects) => dataAgent(lab, task, objects),
    wouldRun: async ({ services }) => Object.fromEntries(services.map(({ name, image }) => [name, image])),
    services: () => statuses(lab),
    start: (name) => start(lab, name),
    stop: (name) => end(lab, name, 'stop'),
    kill: (name) => end(lab, name, 'kill'),
    pause: (name) => pause(lab, name),
    resume: (name) => resume(lab, name),
    isolate: (name) => isolate(lab, name),
    rejoin: (name) => rejoin(lab, name),
    logs(name, { tail, follow, signal }) {
      serviceOf(stack(), name);
      return logLines(lab, name, ['--tail', String(tail ?? 'all'), ...(follow ? ['--follow'] : [])], signal);
    },
    async shell(name, options) {
      const service = serviceOf(stack(), name);
      demandAlive(name, await find(lab, name));
      return shellIn(lab, service, options);
    },
    address: (name) => addresses().address(name),
    peerAddress: (name) => addresses().peerAddress(name),
    coursePath: (file) => `/course/${file}`,
    workspacePath: (file) => workspacePath(home, file),
  };
}

/** Compose follows a service through restarts, and erases its (empty) status line before each line of the log. */
async function* logLines(
  lab: DockerLab,
  name: string,
  options: readonly string[],
  signal: AbortSignal | undefined,
): AsyncGenerator<string> {
  // What Compose complains of would look like lines of the log.
  await find(lab, name);
  const args = [...lab.compose, 'logs', '--no-color', '--no-log-prefix', ...options, name];
  for await (const line of lab.cli.lines(args, signal)) yield stripVTControlCharacters(line);
}

async function statuses(lab: DockerLab): Promise<readonly ServiceStatus[]> {
  const { stack, ended } = lab.memory.read();
  if (!stack) return [];
  const containers = await containersOf(lab, stack);
  const { address } = addressesOf(stack, 'docker');
  return stack.services.map((service) =>
    serviceStatus(service, containers.get(service.name), ended.includes(service.name), address(service.name)),
  );
}
