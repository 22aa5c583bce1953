import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Home } from '../home.js';
import { Problem } from '../problem.js';
import { addressesOf, type Places } from './places.js';
import type { DownReport, Runtime, RuntimeKind, UpEvent } from './runtime.js';

/** What was asked for on the command line; what is left out is taken from the lab that is there. */
export interface LabChoice {
  readonly runtime?: RuntimeKind | 'auto' | undefined;
  readonly portOffset?: number | undefined;
}

/** What is remembered of a lab between two commands. A lab keeps its runtime and ports until it is purged. */
interface LabRecord {
  readonly runtime: RuntimeKind;
  readonly portOffset: number;
  /** Lessons that were passed on this very data: what `goto` need not do again. */
  readonly passed: readonly string[];
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
  /** Lessons passed on the data that is there now. */
  passed(): readonly string[];
  recordPassed(lesson: string): Promise<void>;
  /** Fetches what these stages run, ahead of time (see `Runtime.fetch`). Starts and changes nothing. */
  fetch(
    stages: readonly string[],
    onProgress: (event: UpEvent) => void,
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /** Brings the lab to a stage; what runs already and is the same is left alone. */
  up(stage: string, onProgress: (event: UpEvent) => void, signal?: AbortSignal): Promise<void>;
  down(options: { purge: boolean }): Promise<DownReport>;
}

/**
 * Opens the lab of this home. A lab that is there decides runtime and port offset; throws `lab-differs` where
 * something else is asked for, because a replica set's members are known by their addresses.
 */
export async function openLab(home: Home, choice: LabChoice = {}): Promise<Lab> {
  const record = readRecord(home);
  if (record) refuseOther(record, choice);
  const kind = record?.runtime ?? (await chooseRuntime(choice.runtime ?? 'auto'));
  const portOffset = record?.portOffset ?? choice.portOffset ?? 0;
  const runtime = await openRuntime(kind, home);
  let passed = record?.passed ?? [];
  const remember = async (): Promise<void> => {
    await mkdir(dirname(home.labState), { recursive: true });
    await writeFileAtomic(home.labState, JSON.stringify({ runtime: kind, portOffset, passed }));
  };

  return {
    home,
    runtime,
    portOffset,
    stage: () => runtime.stack()?.stage,
    async places(stage) {
      if (runtime.stack()?.stage === stage) return runtime;
      const { readStack } = await import('./stack.js');
      const stack = await readStack(stage, { portOffset });
      return { ...addressesOf(stack, kind), coursePath: (file) => runtime.coursePath(file) };
    },
    passed: () => passed,
    async recordPassed(lesson) {
      if (passed.includes(lesson)) return;
      passed = [...passed, lesson];
      await remember();
    },
    async fetch(stages, onProgress, signal) {
      const { readStack } = await import('./stack.js');
      return runtime.fetch(
        stages.map((stage) => readStack(stage, { portOffset })),
        onProgress,
        signal,
      );
    },
    async up(stage, onProgress, signal) {
      const { readStack } = await import('./stack.js');
      const stack = await readStack(stage, { portOffset });
      await remember();
      await runtime.up(stack, onProgress, signal);
    },
    async down(options) {
      const report = await runtime.down(options);
      if (options.purge) passed = [];
      return report;
    },
  };
}

async function chooseRuntime(asked: RuntimeKind | 'auto'): Promise<RuntimeKind> {
  const { dockerAnswers } = await import('./docker/detect.js');
  if (asked === 'local') return 'local';
  const docker = await dockerAnswers();
  if (docker.ok) return 'docker';
  if (asked === 'docker') throw docker.problem;
  return 'local';
}

async function openRuntime(kind: RuntimeKind, home: Home): Promise<Runtime> {
  if (kind === 'docker') return (await import('./docker/runtime.js')).openDockerRuntime(home);
  return (await import('./local/runtime.js')).openLocalRuntime(home);
}

function readRecord(home: Home): LabRecord | undefined {
  if (!existsSync(home.labState)) return undefined;
  try {
    const record = JSON.parse(readFileSync(home.labState, 'utf8')) as LabRecord;
    const sound = ['docker', 'local'].includes(record.runtime) && Number.isInteger(record.portOffset);
    if (!sound || !Array.isArray(record.passed)) throw new Error('it is not what the course writes');
    return record;
  } catch (cause) {
    throw new Problem('lab-damaged', `${home.labState} is damaged: ${(cause as Error).message}.`, {
      remedy: 'Start the lab anew (progress is kept): delete that file, then mongo-scale-course down --purge',
      cause,
    });
  }
}

function refuseOther(record: LabRecord, choice: LabChoice): void {
  const asked = choice.runtime === 'auto' ? undefined : choice.runtime;
  const other =
    asked !== undefined && asked !== record.runtime
      ? `on the ${record.runtime} runtime`
      : choice.portOffset !== undefined && choice.portOffset !== record.portOffset
        ? `on port offset ${record.portOffset}`
        : undefined;
  if (!other) return;
  throw new Problem('lab-differs', `Your lab is ${other}, and its data belongs there.`, {
    remedy: 'Leave the option out, or start an empty lab: mongo-scale-course down --purge',
  });
}
