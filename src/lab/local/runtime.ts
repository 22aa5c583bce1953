import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type Home, prepareHome } from '../../home.js';
import { backgroundProcesses } from '../../machine/background-process.js';
import { killProcess, signalProcess, stopProcess, untilPaused } from '../../machine/detached-process.js';
import { type LockHolder, lockHolder, withLock } from '../../machine/lock.js';
import { logOf, readLog } from '../../machine/log-file.js';
import {
  findProcess,
  lookUpProcesses,
  type ProcessIdentity,
  type ProcessView,
} from '../../machine/process-table.js';
import { packageRoot } from '../../package.js';
import { Problem } from '../../problem.js';
import { addressesOf, unknownService } from '../addresses.js';
import { localAgent } from '../checkpoint/local-agent.js';
import type { Service, Stack } from '../compose/service.js';
import type { DownReport, OnService, Runtime, ServiceStatus } from '../runtime.js';
import { workspacePath } from '../workspace/workspace.js';
import { type Ending, killServers, markEnded, stopServers } from './end-servers.js';
import { lastWords } from './failure.js';
import { fetchPrograms } from './fetch.js';
import { isOfLab } from './lab-processes.js';
import { ownVariables } from './launch.js';
import { adoptUnrecorded, liveServices, strays } from './live.js';
import { loopback } from './loopback.js';
import { lookUpProgram } from './programs/programs.js';
import { purge, removePurged } from './purge.js';
import { shellFor } from './shell.js';
import { openStateFile, type ServiceRecord } from './state.js';
import { bringUp, startService } from './up.js';

/**
 * The runtime that needs no engine: each service is a process of this machine, listening on 127.0.0.1. The
 * processes outlive the command that started them; `local.json` under home is how later commands find them.
 */
export function openLocalRuntime(home: Home): Runtime {
  const state = openStateFile(home);
  const lock = join(home.lab, 'local.lock');

  const stack = (): Stack | undefined => state.read().stack;
  const service = (name: string): Service => {
    const found = stack()?.services.find((one) => one.name === name);
    if (!found) throw unknownService(name, stack());
    return found;
  };
  const record = async (name: string): Promise<ServiceRecord> => {
    service(name);
    const found = state.read().services[name];
    if (!found?.process || (await isForeign(found.process))) throw notRunning(name);
    return found;
  };
  /** For short work: waits its turn, where another command is at it. */
  const alone = <T>(purpose: string, work: () => Promise<T>) =>
    withLock(lock, { purpose, patience: 10_000 }, labBusy, work);
  const address = (name: string) => addressesOf(stack(), 'local').address(name);

  return {
    kind: 'local',
    stack,
    address,
    // Nodes are processes of one machine, so they reach each other as the learner reaches them.
    peerAddress: address,
    coursePath: (file) => resolve(packageRoot, 'assets', 'shop', file),
    workspacePath: (file) => workspacePath(home, file),

    async fetch(stacks, onProgress, signal) {
      refuseWindows();
      const services = stacks.flatMap((one) => one.services);
      const found = await fetchPrograms(services, { onProgress, signal });
      return [...found.values()].map(({ runs }) => runs);
    },

    async up(next, onProgress, signal) {
      refuseWindows();
      prepareHome(home);
      await withLock(lock, { purpose: `up ${next.stage}`, signal }, labBusy, async () => {
        await removePurged(home);
        await bringUp({
          home,
          state,
          stack: next,
          onProgress,
          signal: signal ?? new AbortController().signal,
        });
      });
    },

    async down({ purge: wantsPurge }, onProgress) {
      const alone = <T>(work: () => Promise<T>) =>
        withLock(lock, { purpose: 'down', freesSpace: wantsPurge }, labBusy, work);
      return wantsPurge ? purge({ home, state }, alone, onProgress) : alone(() => stopAll(onProgress));
    },
    async killAll(onProgress) {
      if (!stack()) return;
      await alone('kill all servers', async () => {
        const running = (await servers()).filter(({ name }) => !backgroundProcesses.includes(name));
        // Noted first: they must not be taken for dead while they end.
        markEnded(state);
        await killServers(running, onProgress);
      });
    },

    clear: (onProgress) =>
      alone('clear', async () => {
        await killServers(await servers(), onProgress);
        state.write({ services: {} });
        await rm(home.logs, { recursive: true, force: true });
      }),
    prepare: async () => undefined,
    dataAgent: async (task, objects) => localAgent(task, home, objects),
    async wouldRun({ services }) {
      const names = [...new Set(services.map(({ program }) => program))];
      const found = await Promise.all(names.map(async (name) => [name, await lookUpProgram(name)] as const));
      const runs = new Map(found.map(([name, program]) => [name, program?.runs]));
      return Object.fromEntries(services.map(({ name, program }) => [name, runs.get(program)]));
    },

    async services() {
      await adoptIfLost();
      const { services, leftOut } = state.read();
      const known = Object.values(services).flatMap(({ process }) => (process ? [process.pid] : []));
      const [views, holder] = await Promise.all([lookUpProcesses(known), lockHolder(lock)]);
      return Promise.all(
        (stack()?.services ?? []).map((one) =>
          leftOut?.[one.name] === undefined
            ? statusOf(one, services[one.name], views, holder, logOf(home, one.name))
            : {
                name: one.name,
                program: one.program,
                address: address(one.name),
                state: 'absent',
                leftOut: leftOut[one.name],
              },
        ),
      );
    },

    start: (name) =>
      alone(`start ${name}`, async () => {
        service(name);
        const signal = new AbortController().signal;
        await startService(
          { home, state, stack: stack() as Stack, onProgress: () => undefined, signal },
          name,
        );
      }),
    stop: (name) =>
      alone(`stop ${name}`, async () => {
        const found = await record(name);
        state.update(name, { ...found, wanted: false });
        await stopProcess(identityOf(found));
      }),
    kill: (name) =>
      alone(`kill ${name}`, async () => {
        const found = await record(name);
        state.update(name, { ...found, wanted: false });
        await killProcess(identityOf(found));
      }),
    pause: (name) => alone(`pause ${name}`, () => setPaused(name, true)),
    resume: (name) => alone(`resume ${name}`, () => setPaused(name, false)),

    logs(name, options) {
      service(name);
      return readLog(logOf(home, name), options);
    },
    async shell(name, options = {}) {
      const { launch, process } = await record(name);
      if (!process || !(await findProcess(process))) throw notRunning(name);
      return shellFor(service(name), address(name), {
        ...options,
        home: home.root,
        environment: ownVariables(launch),
      });
    },
  };

  /** A record that was copied or edited may name a process that is none of this lab's. */
  async function isForeign(process: ProcessIdentity): Promise<boolean> {
    return (await findProcess(process)) !== undefined && !(await isOfLab(home, process.pid));
  }

  async function setPaused(name: string, paused: boolean): Promise<void> {
    const identity = identityOf(await record(name));
    if (!(await signalProcess(identity, paused ? 'SIGSTOP' : 'SIGCONT'))) throw notRunning(name);
    await untilPaused(identity, paused);
  }

  /** A start that was noted, but not what became of it, and nobody at work: its command was killed. */
  async function adoptIfLost(): Promise<void> {
    const lost = Object.values(state.read().services).some((found) => found.wanted && !found.process);
    if (lost && !(await lockHolder(lock)))
      await alone('look for servers', () => adoptUnrecorded({ home, state }));
  }

  async function servers(): Promise<readonly Ending[]> {
    await adoptUnrecorded({ home, state });
    const recorded = [...(await liveServices({ home, state }))].map(([name, { record, process }]) => ({
      name,
      process,
      isConfigServer: record.launch.args.includes('--configsvr'),
    }));
    return [...recorded, ...(await strays({ home, state }))];
  }

  async function stopAll(onProgress: OnService | undefined): Promise<DownReport> {
    const report = await stopServers(await servers(), onProgress);
    markEnded(state);
    return report;
  }
}

function identityOf(found: ServiceRecord): NonNullable<ServiceRecord['process']> {
  return found.process as NonNullable<ServiceRecord['process']>;
}

async function statusOf(
  service: Service,
  record: ServiceRecord | undefined,
  views: ReadonlyMap<number, ProcessView>,
  holder: LockHolder | undefined,
  log: string,
): Promise<ServiceStatus> {
  const base = {
    name: service.name,
    program: service.program,
    address: `${loopback}:${service.ports[0]}`,
    runs: record?.launch.runs,
  };
  if (!record?.process) return { ...base, state: record?.wanted && holder ? 'starting' : 'absent' };
  const view = views.get(record.process.pid);
  if (view?.startedAt === record.process.startedAt) {
    const state = view.paused ? 'paused' : record.answered || !holder ? 'running' : 'starting';
    return { ...base, state, pid: view.pid, since: record.since };
  }
  if (!record.wanted) return { ...base, state: 'stopped' };
  return { ...base, state: 'dead', detail: await lastWords(log) };
}

/** Signals, detached processes and the servers' own programs differ too much there. */
function refuseWindows(): void {
  if (process.platform !== 'win32') return;
  throw new Problem(
    'local-unsupported',
    'On Windows the course cannot run servers as processes of its own.',
    {
      remedy: 'Start Docker Desktop and use --runtime docker, or run the course in WSL.',
    },
  );
}

function notRunning(name: string): Problem {
  return new Problem('service-not-running', `${name} is not running, so there is nothing to do this to.`, {
    remedy: `Start it: mongo-scale-course fault start ${name}`,
  });
}

function labBusy({ pid, purpose }: LockHolder): Problem {
  return new Problem(
    'lab-busy',
    `Another mongo-scale-course (process ${pid}) is at work on this lab: ${purpose}.`,
    {
      remedy: 'Wait until it is done, or use another lab with --home FOLDER.',
    },
  );
}
