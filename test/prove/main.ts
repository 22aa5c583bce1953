/** `npm run prove`: chooses lessons, gives them to lanes, and has vitest run those. */
import { cpus, freemem } from 'node:os';
import { execa } from 'execa';
import { loadCatalog } from '../../src/course/catalog.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { packageRoot } from '../../src/package.js';
import { Problem } from '../../src/problem.js';
import { type Asked, readArguments } from './arguments.js';
import { headCommit, readChanges } from './changes.js';
import { choose } from './choose.js';
import { intoLanesByRank, lanesServed, type Plan, planVariable } from './plan.js';

const say = (line: string): void => void process.stdout.write(`prove: ${line}\n`);

try {
  process.exitCode = await prove(readArguments(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof Problem)) throw error;
  process.stderr.write(`${error.message}\n${error.remedy ?? ''}\n`);
  process.exitCode = error.exitCode;
}

async function prove(asked: Asked): Promise<number> {
  const began = Date.now();
  const catalog = await loadCatalog<Lesson>();
  const commit = await headCommit();
  const changes = asked.changed ? await readChanges(catalog, asked.since) : undefined;
  const { ranks, reasons } = choose(catalog, asked, { changes, commit });
  for (const reason of reasons) say(reason);

  const count = ranks.flat().length;
  if (count === 0) {
    say('nothing to prove');
    return 0;
  }
  const served = asked.lanes ?? lanesServed({ cores: cpus().length, freeMemory: freemem() });
  const lanes = intoLanesByRank(ranks, Math.min(served, count));
  say(`${count} of ${catalog.lessons.length} lessons (${asked.runtime}), in ${lanes.length} lanes:`);
  for (const [index, lane] of lanes.entries()) say(`  lane ${index + 1}: ${lane.join(', ')}`);
  if (asked.list) return 0;

  const plan: Plan = {
    runtime: asked.runtime,
    mistake: asked.mistake,
    notAfter: asked.within === undefined ? undefined : began + asked.within * 1_000,
    lanes,
  };
  return runLanes(plan);
}

async function runLanes(plan: Plan): Promise<number> {
  const files = plan.lanes.map((_, index) => `test/prove/lane-${index + 1}.test.ts`);
  const vitest = ['npx', 'vitest', 'run', '--config', 'test/prove/vitest.config.ts', ...files];
  const [file, ...args] =
    plan.runtime === 'docker' ? ['bash', 'test/docker/with-engine.sh', ...vitest] : vitest;
  const { exitCode } = await execa(file as string, args, {
    cwd: packageRoot,
    env: { [planVariable]: JSON.stringify(plan) },
    stdio: 'inherit',
    reject: false,
  });
  return exitCode ?? 1;
}
