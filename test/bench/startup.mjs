import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const main = fileURLToPath(new URL('../../dist/src/main.js', import.meta.url));
const rounds = 20;

/**
 * What `--help` and `list` take, against Node's own start-up: the three in turn, so that a machine whose speed
 * drifts drifts for all.
 * @returns {Promise<{ name: string, value: number, unit: string, bound?: number, ok: boolean }[]>}
 */
export async function benchStartup() {
  const home = await mkdtemp(join(tmpdir(), 'msc-bench-'));
  const env = { ...process.env, MSC_HOME: home };
  const kinds = { node: ['-e', '0'], '--help': [main, '--help'], list: [main, 'list'] };
  const times = { node: [], '--help': [], list: [] };
  for (let round = -1; round < rounds; round += 1) {
    for (const [kind, args] of Object.entries(kinds)) {
      const begun = performance.now();
      await run(process.execPath, args, { env });
      // The first round warms the page cache.
      if (round >= 0) times[kind].push(performance.now() - begun);
    }
  }
  await rm(home, { recursive: true, force: true });
  const node = median(times.node);
  return [
    { name: 'node -e 0', value: node, unit: 'ms', ok: true },
    ...['--help', 'list'].map((kind) => {
      const ratio = median(times[kind]) / node;
      return { name: `${kind} / node -e 0`, value: ratio, unit: 'x', bound: 2.5, ok: ratio <= 2.5 };
    }),
  ];
}

function median(values) {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];
}
