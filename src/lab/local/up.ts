import { isDeepStrictEqual } from 'node:util';
import type { Home } from '../../home.js';
import { backgroundProcesses } from '../../machine/background-process.js';
import { signalProcess, startDetached, stopProcess } from '../../machine/detached-process.js';
import { logOf } from '../../machine/log-file.js';
import { pause } from '../../machine/pause.js';
import { findProcess, type ProcessIdentity } from '../../machine/process-table.js';
import { listensOn } from '../compose/ports.js';
import type { Service, Stack } from '../compose/service.js';
import { tierOf } from '../compose/tier.js';
import { portHolder, portTaken, takenPorts } from '../port-check.js';
import { untilAnswers } from '../readiness.js';
import type { UpEvent } from '../runtime.js';
import { damagedProgram, spawnFailure, startFailure, startTimeout } from './failure.js';
import { fetchPrograms } from './fetch.js';
import { launchOf } from './launch.js';
import { adoptUnrecorded, endStrays, type Live, liveServices } from './live.js';
import { courseRouter, findProgram, whyLeftOut } from './programs/programs.js';
import type { Launch, StateFile } from './state.js';

/** How long a server may take to answer, in seconds. */
const deadline = 60;

/** What `bringUp` works on. */
export interface Up {
  readonly home: Home;
  readonly state: StateFile;
  readonly stack: Stack;
  readonly onProgress: (event: UpEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Brings the lab to exactly this stack: what runs as it should is left alone, what changed is stopped and started
 * on its data, what is missing is started, all side by side. Each start is noted before and after it happens,
 * so that an abort at any point leaves nothing unknown.
 */
export async function bringUp(up: Up): Promise<void> {
  const { state, stack, signal, onProgress } = up;
  const launches = await launchesOf(stack.services, up);
  signal.throwIfAborted();
  await adoptUnrecorded(up);
  await endStrays(up, (name) => !backgroundProcesses.includes(name));
  const live = await liveServices(up);
  const same = new Set(
    stack.services
      .map(({ name }) => name)
      .filter((name) => isDeepStrictEqual(live.get(name)?.record.launch, launches.get(name))),
  );
  const services = stack.services.filter(({ name }) => launches.has(name));
  await refuseTakenPorts({ ...up, stack: { ...stack, services } }, same, live);

  const leftOut = stack.services.filter(({ name }) => !launches.has(name));
  state.write({ ...state.read(), stack, leftOut: reasons(leftOut) });
  for (const { name, program } of leftOut)
    onProgress({ kind: 'service', service: name, phase: 'left out', detail: whyLeftOut(program) });
  await Promise.all([...live].filter(([name]) => !same.has(name)).map(([name, one]) => stop(name, one, up)));
  forgetLeftServices(up);
  await allReady(services, up, (service, waits) => {
    const running = same.has(service.name) ? live.get(service.name) : undefined;
    return running
      ? keep(service, running, waits)
      : start(service, launches.get(service.name) as Launch, waits);
  });
}

/** Starts one service of the stack that is up, if it does not run, and waits until it answers. */
export async function startService(up: Up, name: string): Promise<void> {
  await adoptUnrecorded(up);
  await endStrays(up, (stray) => stray === name);
  const live = await liveServices(up);
  const only = up.stack.services.filter((service) => service.name === name);
  const launches = await launchesOf(only, up);
  // Throws what there is to say of a program that is still missing.
  for (const { program } of only) if (!launches.has(name)) await findProgram(program);
  const { leftOut: { [name]: _, ...leftOut } = {} } = up.state.read();
  up.state.write({ ...up.state.read(), leftOut });
  await refuseTakenPorts({ ...up, stack: { ...up.stack, services: only } }, new Set(live.keys()), live);
  await allReady(only, up, (service, waits) => {
    const running = live.get(name);
    return running ? keep(service, running, waits) : start(service, launches.get(name) as Launch, waits);
  });
}

/** An `Up` that also knows when the services that are waited for have answered. */
interface Waits extends Up {
  readonly othersReady: Promise<unknown>;
}

/**
 * Runs `begin` for each service once those it depends on are ready. The first failure ends the waiting for all
 * others, which stay as they are.
 */
async function allReady(
  services: readonly Service[],
  up: Up,
  begin: (service: Service, waits: Waits) => Promise<void>,
): Promise<void> {
  const giveUp = new AbortController();
  const signal = AbortSignal.any([up.signal, giveUp.signal]);
  const ready = new Map<string, Promise<void>>();
  const asked = services.filter((service) => !mayBeSilent(service));
  const othersReady = Promise.resolve().then(() => Promise.all(asked.map(({ name }) => ready.get(name))));
  const readyAfter = (service: Service): Promise<void> => {
    const known = ready.get(service.name);
    if (known) return known;
    const before = [
      ...services.filter(({ name }) => service.dependsOn.includes(name)),
      ...configServersBefore(service, services),
    ].map(readyAfter);
    const one = Promise.all(before).then(() => begin(service, { ...up, signal, othersReady }));
    one.catch((reason) => giveUp.abort(reason));
    ready.set(service.name, one);
    return one;
  };
  const results = await Promise.allSettled([...services.map(readyAfter), othersReady]);
  up.signal.throwIfAborted();
  if (giveUp.signal.aborted) throw giveUp.signal.reason;
  for (const result of results) if (result.status === 'rejected') throw result.reason;
}

/**
 * Config servers that have to elect a primary: a shard that finds none when it starts looks again only two seconds later
 * (mongod 6.0 reads the list of shards before it listens). By the time it looks, they have elected one.
 */
function configServersBefore(service: Service, services: readonly Service[]): readonly Service[] {
  if (tierOf(service) !== 'shard') return [];
  const configServers = services.filter((one) => tierOf(one) === 'config');
  return configServers.length > 1 ? configServers : [];
}

/** How each service is started here; those whose program is missing, and can be done without, are left out. */
async function launchesOf(
  services: readonly Service[],
  { stack, home, onProgress, signal }: Up,
): Promise<ReadonlyMap<string, Launch>> {
  const found = await fetchPrograms(services, { onProgress, signal });
  return new Map(
    services.flatMap((service) => {
      const program = found.get(service.program);
      return program ? [[service.name, launchOf(service, stack, home, program)]] : [];
    }),
  );
}

function reasons(leftOut: readonly Service[]): Readonly<Record<string, string>> {
  return Object.fromEntries(leftOut.map(({ name, program }) => [name, whyLeftOut(program)]));
}

/** Before anything is touched: each port that is needed and not our own already has to be free. */
async function refuseTakenPorts(
  { stack, state }: Up,
  same: ReadonlySet<string>,
  live: ReadonlyMap<string, Live>,
): Promise<void> {
  const before = state.read().stack?.services ?? [];
  const own = new Set(before.filter(({ name }) => live.has(name)).flatMap(listensOn));
  const wanted = stack.services
    .filter(({ name }) => !same.has(name))
    .flatMap((service) => listensOn(service).map((port) => ({ service: service.name, port })))
    .filter(({ port }) => !own.has(port));
  const [taken] = await takenPorts(wanted);
  if (!taken) return;
  const all = stack.services.flatMap(listensOn);
  throw await portTaken(taken, await portHolder(taken.port), { all, portOffset: stack.portOffset });
}

/** Services that the stack does not have, and that were just stopped, are no longer the lab's. */
function forgetLeftServices({ state, stack }: Up): void {
  const kept = Object.entries(state.read().services).filter(([name]) =>
    stack.services.some((service) => service.name === name),
  );
  state.write({ ...state.read(), services: Object.fromEntries(kept) });
}

async function stop(name: string, { record, process }: Live, { state, onProgress }: Up): Promise<void> {
  onProgress({ kind: 'service', service: name, phase: 'stopping' });
  const how = await stopProcess(process);
  state.update(name, { ...record, wanted: false });
  const detail = how === 'killed' ? 'did not end by itself and was killed' : undefined;
  onProgress({ kind: 'service', service: name, phase: 'stopped', detail });
}

/** A service that runs with the right arguments: only made sure that it answers. */
async function keep(service: Service, { record, process }: Live, waits: Waits): Promise<void> {
  const { state, onProgress, home } = waits;
  await signalProcess(process, 'SIGCONT');
  if (!record.wanted) state.update(service.name, { ...record, wanted: true });
  const answered = new AbortController();
  const gone = untilGone(process, AbortSignal.any([waits.signal, answered.signal]));
  try {
    await untilReady(service, record.launch, gone, logOf(home, service.name), waits);
  } finally {
    // Nobody asks any more; looking on would keep this process alive.
    answered.abort();
    gone.catch(() => undefined);
  }
  markAnswered(service.name, state);
  onProgress({ kind: 'service', service: service.name, phase: 'unchanged' });
}

async function start(service: Service, launch: Launch, waits: Waits): Promise<void> {
  const { home, state, signal, onProgress } = waits;
  const { name } = service;
  const log = logOf(home, name);
  const begun = Date.now();
  const seconds = () => (Date.now() - begun) / 1000;
  signal.throwIfAborted();
  onProgress({ kind: 'service', service: name, phase: 'starting', detail: launch.runs });
  try {
    state.update(name, { launch, wanted: true });
    const { identity, ended } = startDetached(launch, log);
    state.update(name, { launch, wanted: true, process: identity, since: new Date(begun).toISOString() });
    await untilReady(service, launch, ended, log, waits);
  } catch (cause) {
    // Where it was another that failed, or the learner who gave up, this one is only no longer waited for.
    if (!signal.aborted) {
      // Its last lines are told once, where it is told what to do.
      const [detail] = (cause as Error).message.split('\n');
      onProgress({ kind: 'service', service: name, phase: 'failed', seconds: seconds(), detail });
    }
    throw cause;
  }
  markAnswered(name, state);
  onProgress({ kind: 'service', service: name, phase: 'ready', seconds: seconds() });
}

/**
 * Resolves when the server answers. A mongos need only have lived until all others answer. Fails at once when the
 * process ends.
 */
async function untilReady(
  service: Service,
  launch: Launch,
  ended: Promise<number | string>,
  log: string,
  { signal, othersReady }: Waits,
): Promise<void> {
  const done = new AbortController();
  const late = AbortSignal.timeout(deadline * 1000);
  const waiting = AbortSignal.any([signal, late, done.signal]);
  const answered = untilAnswers(service, service.ports[0] as number, waiting);
  const enough = mayBeSilent(service) && launch.runs !== courseRouter;
  try {
    const end = await Promise.race([answered, ended, ...(enough ? [othersReady.then(() => undefined)] : [])]);
    if (end !== undefined)
      throw await startFailure(service.name, service.program, end, { file: launch.file, log });
  } catch (cause) {
    const spawn = spawnFailure(cause);
    if (spawn !== undefined) throw damagedProgram(launch.file, spawn);
    if (!late.aborted || signal.aborted) throw cause;
    throw await startTimeout(service.name, deadline, log);
  } finally {
    done.abort();
    answered.catch(() => undefined);
  }
}

/** mongos listens only once its config servers are initiated, which is the learner's work. */
function mayBeSilent({ program }: Service): boolean {
  return program === 'mongos';
}

/** The end of a process that is not our child: its exit code cannot be known. */
async function untilGone(identity: ProcessIdentity, signal: AbortSignal): Promise<string> {
  while (await findProcess(identity)) await pause(100, signal);
  return 'an unknown cause';
}

function markAnswered(name: string, state: StateFile): void {
  const record = state.read().services[name];
  if (record && !record.answered) state.update(name, { ...record, answered: true });
}
