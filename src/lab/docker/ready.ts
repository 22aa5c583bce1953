import { setTimeout as delay } from 'node:timers/promises';
import { Problem } from '../../problem.js';
import { untilAnswers } from '../readiness.js';
import type { Service, Stack } from '../service.js';
import { howItEnded } from './containers.js';
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
    throw new Problem('service-silent', `${service.name} runs, but has not answered for a minute.`, {
      remedy: `See what it does: mongo-scale-course logs ${service.name}`,
    });
  } finally {
    settled.abort();
  }
}

/** Resolves for a router that lives; throws once the container has ended, or when `until` aborts. */
async function watchLife(lab: DockerLab, stack: Stack, service: Service, until: AbortSignal): Promise<void> {
  const began = Date.now();
  for (;;) {
    await delay(lookEvery, undefined, { signal: until }).catch(() => until.throwIfAborted());
    const container = (await containersOf(lab, { ...stack, services: [service] })).get(service.name);
    const lives = container?.State.Status === 'running' || container?.State.Status === 'restarting';
    if (lives && service.program === 'mongos' && Date.now() - began > routerPatience) return;
    if (lives) continue;
    const how = container ? howItEnded(container) : 'its container is gone';
    throw new Problem(
      'service-failed',
      `${service.name} did not start: ${how}.${await lastWords(lab, service)}`,
      {
        remedy: `See all it said: mongo-scale-course logs ${service.name}`,
      },
    );
  }
}

async function lastWords(lab: DockerLab, { name }: Service): Promise<string> {
  const { stdout } = await lab.cli.call([...lab.compose, 'logs', '--no-log-prefix', '--tail', '1', name]);
  return stdout === '' ? '' : ` Its last words: ${stdout}`;
}
