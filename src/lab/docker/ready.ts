import { stripVTControlCharacters } from 'node:util';
import { pause } from '../../machine/pause.js';
import type { Service, Stack } from '../compose/service.js';
import { failedStart, silentStart } from '../failure.js';
import { untilAnswers } from '../readiness.js';
import { endOf } from './containers.js';
import { containersOf, type DockerLab } from './lab.js';

/** Milliseconds that a server has from its container's start to its first answer. */
const patience = 60_000;
/** Milliseconds between two looks at whether the container still lives. */
const lookEvery = 250;
/** Milliseconds that a router has to answer before it is enough that it lives. */
const routerPatience = 1_000;

/**
 * Waits until the service's server answers on its published port. Throws `service-failed` with its last words
 * where its container ends before, and `service-silent` where it does not answer in time.
 * A router that lives counts as ready: mongos listens only once its config servers are initiated, which is the
 * learner's work.
 */
export async function waitUntilReady(
  lab: DockerLab,
  stack: Stack,
  service: Service,
  signal?: AbortSignal,
): Promise<void> {
  const [port] = service.ports;
  if (port === undefined) return;
  const settled = new AbortController();
  const deadline = AbortSignal.timeout(patience);
  const until = AbortSignal.any([settled.signal, deadline, ...(signal ? [signal] : [])]);
  try {
    await Promise.race([untilAnswers(service, port, until), watchLife(lab, stack, service, until)]);
  } catch (cause) {
    if (cause !== deadline.reason) throw cause;
    throw silentStart(service.name, patience / 1000, await logOf(lab, service));
  } finally {
    settled.abort();
  }
}

/** Resolves for a router that lives; throws once the container has ended, or when `until` aborts. */
async function watchLife(lab: DockerLab, stack: Stack, service: Service, until: AbortSignal): Promise<void> {
  const began = Date.now();
  for (;;) {
    await pause(lookEvery, until);
    const container = (await containersOf(lab, { ...stack, services: [service] })).get(service.name);
    const lives = container?.State.Status === 'running' || container?.State.Status === 'restarting';
    if (lives && service.program === 'mongos' && Date.now() - began > routerPatience) return;
    if (lives) continue;
    const end = container ? endOf(container) : 'somebody who removed its container';
    throw failedStart(service.name, service.program, end, await logOf(lab, service));
  }
}

async function logOf(lab: DockerLab, { name }: Service): Promise<readonly string[]> {
  const { stdout } = await lab.cli.call([...lab.compose, 'logs', '--no-log-prefix', '--tail', '200', name]);
  // Compose erases its (empty) status line before each line, here too.
  return stripVTControlCharacters(stdout)
    .split('\n')
    .filter((line) => line !== '');
}
