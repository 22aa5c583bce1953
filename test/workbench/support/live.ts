import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Catalog } from '../../../src/course/catalog.js';
import type { LessonId, StageId } from '../../../src/course/types.js';
import { openCourseLab } from '../../../src/course-lab.js';
import { type Grader, openGrader } from '../../../src/grading/grader.js';
import { prepareHome, resolveHome } from '../../../src/home.js';
import { addressesOf, unknownService } from '../../../src/lab/addresses.js';
import type { Service, Stack } from '../../../src/lab/compose/service.js';
import { tierOf } from '../../../src/lab/compose/tier.js';
import type { Lab } from '../../../src/lab/lab.js';
import type { Runtime } from '../../../src/lab/runtime.js';
import { workspacePath } from '../../../src/lab/workspace/workspace.js';
import type { Lesson } from '../../../src/lesson/lesson.js';
import type { CourseSession } from '../../../src/workbench/course-session.js';
import { openLiveSession } from '../../../src/workbench/live-session.js';

/** The workbench's real session on a real home, with a runtime that only says what runs. */
export interface Live {
  readonly lab: Lab;
  readonly session: CourseSession;
  /** What the runtime was asked, and which lessons were gone to, in order. */
  readonly calls: readonly string[];
  /** The services that run. */
  running(): readonly string[];
  close(): Promise<void>;
}

/**
 * @param stage what is up
 * @param passed how many checks are passed, from the first; the others are open
 */
export async function openLive(catalog: Catalog<Lesson>, stage: StageId, passed = 0): Promise<Live> {
  const root = mkdtempSync(join(tmpdir(), 'msc-live-'));
  const home = resolveHome(root);
  prepareHome(home);
  const calls: string[] = [];
  let stack: Stack | undefined;
  const lab = await openCourseLab(home, { runtime: 'local' }, async () =>
    runtimeOn({
      stack: () => stack,
      up: (next) => {
        // As a runtime remembers it.
        stack = JSON.parse(JSON.stringify(next)) as Stack;
      },
      calls,
      workspace: (file) => workspacePath(home, file),
    }),
  );
  await lab.up(stage, () => {});
  const grader = seesProcessesOnly(lab, passed);
  const session = await openLiveSession({ lab, catalog, grader });
  const gotoLesson = async (id: LessonId): Promise<void> => {
    calls.push(`goto ${id}`);
  };
  return {
    lab,
    session: { ...session, gotoLesson },
    calls,
    running: () => stack?.services.map(({ name }) => name) ?? [],
    async close() {
      await session.close();
      rmSync(root, { recursive: true });
    },
  };
}

interface Processes {
  stack(): Stack | undefined;
  up(stack: Stack): void;
  readonly calls: string[];
  workspace(file: string): string;
}

function runtimeOn({ stack, up, calls, workspace }: Processes): Runtime {
  const refuse = async (): Promise<never> => {
    throw new Error('not asked here');
  };
  const found = (name: string): Service => {
    const service = stack()?.services.find((one) => one.name === name);
    if (!service) throw unknownService(name, stack());
    return service;
  };
  const address = (name: string): string => addressesOf(stack(), 'local').address(name);
  return {
    kind: 'local',
    stack,
    address,
    peerAddress: address,
    coursePath: (file) => file,
    workspacePath: workspace,
    fetch: refuse,
    async up(next, onProgress) {
      calls.push(`up ${next.stage}`);
      up(next);
      for (const { name } of next.services) onProgress({ kind: 'service', service: name, phase: 'ready' });
    },
    down: refuse,
    killAll: refuse,
    clear: refuse,
    prepare: refuse,
    dataAgent: refuse,
    wouldRun: refuse,
    services: async () =>
      (stack()?.services ?? []).map(({ name, program }) => ({
        name,
        program,
        state: 'running',
        address: address(name),
      })),
    start: refuse,
    stop: refuse,
    kill: refuse,
    pause: refuse,
    resume: refuse,
    async *logs() {},
    async shell(service, { kind = 'own' } = {}) {
      calls.push(`shell ${found(service).name} ${kind}`);
      return { file: 'true', args: [] };
    },
  };
}

/** A grader whose looks see which processes run, and no server. */
function seesProcessesOnly(lab: Lab, passed: number): Grader {
  const grader = openGrader(lab, 'en');
  const observe: Grader['observe'] = async () => {
    const stack = lab.runtime.stack();
    if (!stack) return undefined;
    const statuses = await lab.runtime.services();
    const nodes = stack.services.flatMap((service) => {
      const status = statuses.find(({ name }) => name === service.name);
      return status ? [{ service: service.name, tier: tierOf(service), status }] : [];
    });
    return { takenAt: 0, stage: stack.stage, runtime: 'local', nodes, shards: [], moves: [] };
  };
  return {
    ...grader,
    observe,
    async round({ id, plan }) {
      const snapshot = await observe();
      if (!snapshot) throw new Error('nothing is up');
      const checks = plan.checks.map(({ title, at, kind }, index) => ({
        title,
        at,
        kind,
        state: index < passed ? ('pass' as const) : ('pending' as const),
        observed: 'nobody asked a server',
      }));
      return { snapshot, holding: false, verdict: { lesson: id, passed: false, checks, measured: [] } };
    },
  };
}
