import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { resolveHome } from '../../src/home.ts';
import { readStack } from '../../src/lab/compose/stack.ts';
import { dockerCli } from '../../src/lab/docker/cli.ts';
import { dockerAnswers } from '../../src/lab/docker/detect.ts';
import { imagesOf, missingImages } from '../../src/lab/docker/images.ts';
import { openDockerRuntime } from '../../src/lab/docker/runtime.ts';
import { openLocalRuntime } from '../../src/lab/local/runtime.ts';

/**
 * Away from a lab that may be up, from the offsets that tests claim, and from the other benches; and below the ports
 * that the system hands out by itself, one of which was a container's already.
 */
const portOffset = 5_350;
const rounds = 3;
/** What test/docker/engine.sh writes: where its engine answers, and its images. */
const testEngine = join(
  process.env.MSC_TEST_CACHE ?? join(homedir(), '.cache', 'mongo-scale-course-docker'),
  'environment',
);

/**
 * How long `up sharding` takes from nothing in containers and as local processes, side by side in one run, programs
 * and images there already; and what one look at all services costs in containers, since the course looks often.
 * Where no engine answers but that of `npm run test:docker`, that one is taken.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[] | string>} why
 *   nothing was measured, where there is none
 */
export async function benchDocker() {
  if (!(await dockerAnswers()).ok && existsSync(testEngine)) process.loadEnvFile(testEngine);
  const docker = await dockerAnswers();
  if (!docker.ok) return docker.problem.message;
  if ((await missingImages(dockerCli, imagesOf([readStack('sharding')]))).length > 0) {
    return 'its images are not here; fetch them with: mongo-scale-course pull';
  }
  const containers = [];
  const local = [];
  const looks = [];
  for (let round = 0; round < rounds; round += 1) {
    containers.push(await upSharding(openDockerRuntime, (runtime) => timeLooks(runtime, looks)));
    local.push(await upSharding(openLocalRuntime));
  }
  return [
    { name: 'up sharding in Docker', value: median(containers), unit: 'ms', ok: true },
    { name: 'up sharding local', value: median(local), unit: 'ms', ok: true },
    { name: 'up sharding, Docker / local', value: median(containers) / median(local), unit: 'x', ok: true },
    { name: 'one look at four containers', value: median(looks), unit: 'ms', ok: true },
  ];
}

async function upSharding(open, whileUp = async () => {}) {
  const home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-bench-')));
  const runtime = await open(home);
  try {
    const stack = readStack('sharding', { portOffset });
    const begun = performance.now();
    await runtime.up(stack, () => {});
    const milliseconds = performance.now() - begun;
    await whileUp(runtime);
    return milliseconds;
  } finally {
    await runtime.down({ purge: true });
    await rm(home.root, { recursive: true, force: true });
  }
}

async function timeLooks(runtime, looks) {
  for (let count = 0; count < 5; count += 1) {
    const begun = performance.now();
    await runtime.services();
    looks.push(performance.now() - begun);
  }
}

function median(values) {
  const sorted = [...values].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)];
}
