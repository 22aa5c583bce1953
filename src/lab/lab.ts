import { rm } from 'node:fs/promises';
import type { Home } from '../home.js';
import { Problem } from '../problem.js';
import { addressesOf, type Places } from './addresses.js';
import { wasRestoreBrokenOff } from './checkpoint/interrupted.js';
import { type Companion, killCompanions } from './companion.js';
import type { Stack } from './compose/service.js';
import { addPassed, beginLabRecord, forgetLabRecord, type LabRecord, readLabRecord } from './lab-record.js';
import { electOnStart } from './replica-sets/elections.js';
import type {
  DownReport,
  FileEvent,
  Invocation,
  OnService,
  Runtime,
  RuntimeKind,
  ShellOptions,
  UpEvent,
} from './runtime.js';
import { isBrokenFile, ownCompose, readOwnStack } from './workspace/learner-compose.js';
import { explainMissing, type OwnComposeState, watchOwnCompose } from './workspace/learner-compose-state.js';

/** What was asked for on the command line; what is left out is taken from the lab that is there. */
export interface LabChoice {
  readonly runtime?: RuntimeKind | 'auto' | undefined;
  readonly portOffset?: number | undefined;
}

export interface UpOptions {
  /** Services that had better be primary of their sets: those that were when the lab was stopped. */
  readonly prefer?: readonly string[] | undefined;
}

/** The learner's lab: a runtime, and which lessons its data has been through. */
export interface Lab {
  readonly home: Home;
  readonly runtime: Runtime;
  readonly portOffset: number;
  /** The stage that is up, or was when the lab was last changed. */
  stage(): string | undefined;
  /** How things are named at a stage, whether or not it is up. */
  places(stage: string): Promise<Places>;
  /** The learner's own compose file beside what runs; undefined where the stage that is up has none of theirs. */
  ownCompose(): Promise<OwnComposeState | undefined>;
  /** `Runtime.shell`; where the service is missing because of the learner's compose file, that is the problem. */
  shell(service: string, options?: ShellOptions): Promise<Invocation>;
  /** Lessons passed on the data that is there now. */
  passed(): readonly string[];
  /** Notes that a lesson is passed, unless the lab is another by now. @param identity that of the lab it was seen on */
  recordPassed(lesson: string, identity: string | undefined): Promise<void>;
  /** Tells this lab from a later one in the same home; undefined where there is none. */
  identity(): string | undefined;
  /** Fetches what these stages run, ahead of time (see `Runtime.fetch`). Starts and changes nothing. */
  fetch(
    stages: readonly string[],
    onProgress: (event: UpEvent) => void,
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /**
   * Brings the lab to a stage; what runs already and is the same is left alone. Replica sets that were started as a
   * whole have a primary then.
   */
  up(
    stage: string,
    onProgress: (event: UpEvent | FileEvent) => void,
    signal?: AbortSignal,
    options?: UpOptions,
  ): Promise<void>;
  /**
   * Kills the exam, the traffic and all servers and forgets which lessons were passed, but leaves the data where it is:
   * something else takes its place next.
   */
  clear(onProgress: OnService): Promise<void>;
  /** Makes the folders or volumes that hold a stage's data. Starts nothing. */
  prepare(stage: string): Promise<void>;
  /** What would run each service of a stage here; undefined where that has to be fetched first. */
  wouldRun(stage: string): Promise<Readonly<Record<string, string | undefined>>>;
  /**
   * Ends the exam and the traffic, then the servers; a purge kills them all.
   * @param options `checkpoints`: a purge removes them too
   */
  down(options: { purge: boolean; checkpoints?: boolean }, onProgress?: OnService): Promise<DownReport>;
}

interface LabParts {
  readonly companions?: readonly Companion[] | undefined;
  readonly open?: typeof openRuntime | undefined;
}

/**
 * Opens the lab of this home. A lab that is there decides runtime and port offset. Throws `lab-damaged`.
 * @param parts `companions`: what works on the lab beside its servers, and ends before them; `open` gives the runtime of
 *   that kind, and tests put one that starts nothing in its place
 */
export async function openLab(
  home: Home,
  choice: LabChoice = {},
  { companions = [], open = openRuntime }: LabParts = {},
): Promise<Lab> {
  const found = readLabRecord(home);
  const kind = found?.runtime ?? (await chooseRuntime(choice.runtime ?? 'auto'));
  const portOffset = found?.portOffset ?? choice.portOffset ?? 0;
  const runtime = await open(kind, home);
  const options = () => ({ portOffset, env: { ...process.env, MSC_WORKSPACE: home.workspace } });
  const read = (stage: string): Promise<Stack> => readOwnStack(home, stage, options());
  const readToName = async (stage: string): Promise<Stack> => {
    try {
      return await read(stage);
    } catch (cause) {
      if (!isBrokenFile(cause)) throw cause;
      // Whatever is written in his file, a learner can read the lessons, and how to write it.
      return (await import('./compose/stack.js')).readStack(stage, options());
    }
  };
  const { coursePath, workspacePath } = runtime;
  const ownComposeBeside = watchOwnCompose(home, read);
  const placesIn = (stack: Stack): Places => ({ ...addressesOf(stack, kind), coursePath, workspacePath });

  return {
    home,
    runtime,
    portOffset,
    stage: () => runtime.stack()?.stage,
    async places(stage) {
      if (runtime.stack()?.stage === stage) return runtime;
      return placesIn(await readToName(stage));
    },
    ownCompose: () => ownComposeBeside(runtime.stack()),
    async shell(service, options) {
      try {
        return await runtime.shell(service, options);
      } catch (cause) {
        throw await explainMissing(service, cause, { running: runtime.stack(), readStack: read });
      }
    },
    passed: () => readLabRecord(home)?.passed ?? [],
    recordPassed: async (lesson, identity) => {
      if (identity !== undefined) await addPassed(home, identity, lesson);
    },
    identity: () => readLabRecord(home)?.born,
    async fetch(stages, onProgress, signal) {
      return runtime.fetch(await Promise.all(stages.map(read)), onProgress, signal);
    },
    async up(stage, onProgress, signal, { prefer } = {}) {
      // Its data is neither what was there nor what was to come.
      if (await wasRestoreBrokenOff(home)) await runtime.down({ purge: true });
      if (stage === ownCompose.stage) await renewCompose(home, onProgress);
      const stack = await read(stage);
      const before = readLabRecord(home);
      if (!before) refuseBackslash(home);
      if (before) refuseOther(before, { runtime: kind, portOffset, ...definedOnly(choice) });
      await beginLabRecord(home, { runtime: kind, portOffset });
      try {
        // Most commands bring nothing up.
        const { prepareWorkspace } = await import('./workspace/workspace.js');
        prepareWorkspace(home, stack, placesIn(stack));
        await upAndElect(runtime, stack, onProgress, { prefer, signal });
      } catch (cause) {
        // A lab that never began (a taken port) may be tried again elsewhere.
        if (!before && !runtime.stack()) await forgetLabRecord(home);
        throw before ? onItsOwnPorts(cause) : cause;
      }
    },
    async clear(onProgress) {
      await killCompanions(companions, home);
      await runtime.clear(onProgress);
      await forgetLabRecord(home);
      // They were of a lab that is gone.
      for (const { report } of companions) await rm(report(home), { force: true });
    },
    prepare: async (stage) => runtime.prepare(await read(stage)),
    wouldRun: async (stage) => runtime.wouldRun(await readToName(stage)),
    async down(options, onProgress) {
      // Most commands take nothing down.
      const { takeLabDown } = await import('./take-down.js');
      return takeLabDown({ home, runtime, companions }, options, onProgress);
    },
  };
}

async function upAndElect(
  runtime: Runtime,
  stack: Stack,
  onProgress: (event: UpEvent) => void,
  { prefer, signal }: UpOptions & { signal: AbortSignal | undefined },
): Promise<void> {
  const failed = new AbortController();
  const elections = electOnStart(stack, {
    prefer,
    signal: signal ? AbortSignal.any([signal, failed.signal]) : failed.signal,
  });
  const onEvent = (event: UpEvent): void => {
    elections.onEvent(event);
    onProgress(event);
  };
  try {
    await runtime.up(stack, onEvent, signal);
  } catch (cause) {
    failed.abort();
    throw cause;
  } finally {
    await elections.settled();
  }
  signal?.throwIfAborted();
}

/** The learner's copy of a stage's compose file outlives the version of the course that it was made from. */
async function renewCompose(home: Home, onProgress: (event: FileEvent) => void): Promise<void> {
  const { renewWorkspaceFile } = await import('./workspace/workspace.js');
  const { file } = ownCompose;
  const became = renewWorkspaceFile(home, file);
  if (became !== 'current') onProgress({ kind: 'file', file, became });
}

async function chooseRuntime(asked: RuntimeKind | 'auto'): Promise<RuntimeKind> {
  // A lab that is there says which runtime it has.
  const { dockerAnswers } = await import('./docker/detect.js');
  if (asked === 'local') return 'local';
  const docker = await dockerAnswers();
  if (docker.ok) return 'docker';
  if (asked === 'docker') throw docker.problem;
  return 'local';
}

async function openRuntime(kind: RuntimeKind, home: Home): Promise<Runtime> {
  // Only one of the two is used.
  if (kind === 'docker') return (await import('./docker/runtime.js')).openDockerRuntime(home);
  return (await import('./local/runtime.js')).openLocalRuntime(home);
}

/** Node loads no module from a path with a backslash, and the shop loads the learner's. Throws `home-unusable`. */
function refuseBackslash({ root }: Home): void {
  if (process.platform === 'win32' || !root.includes('\\')) return;
  throw new Problem('home-unusable', `The shop cannot work in ${root}: there is a backslash in its name.`, {
    remedy: 'Choose another folder with --home FOLDER.',
  });
}

/** What was really asked for: an option that is left out, or `auto`, asks for nothing. */
function definedOnly({ runtime, portOffset }: LabChoice): Partial<Pick<LabRecord, 'runtime' | 'portOffset'>> {
  return {
    ...(runtime === undefined || runtime === 'auto' ? {} : { runtime }),
    ...(portOffset === undefined ? {} : { portOffset }),
  };
}

/** A replica set's members are known by their addresses, so a lab cannot move. Throws `lab-differs`. */
function refuseOther(record: LabRecord, asked: Pick<LabRecord, 'runtime' | 'portOffset'>): void {
  const where =
    asked.runtime !== record.runtime
      ? `on the ${record.runtime} runtime`
      : asked.portOffset !== record.portOffset
        ? `on port offset ${record.portOffset}`
        : undefined;
  if (!where) return;
  throw new Problem('lab-differs', `Your lab is ${where}, and its data belongs there.`, {
    remedy:
      'Leave the option out (and MSC_RUNTIME unset), or start an empty lab: mongo-scale-course down --purge',
  });
}

/** Another port offset is no way out for a lab that has data. */
function onItsOwnPorts(cause: unknown): unknown {
  if (!(cause instanceof Problem) || cause.code !== 'port-taken') return cause;
  return new Problem('port-taken', cause.message, {
    remedy:
      'End that process. To move to other ports, start an empty lab: mongo-scale-course down --purge, then up --port-offset N',
    cause,
  });
}
