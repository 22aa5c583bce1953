import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { inFolder, portOffset } from './cluster.mjs';
import { atMost, median, pairedRatio, plain, timed } from './figures.mjs';
import { main } from './program.mjs';

const run = promisify(execFile);
const rounds = 21;
/** How many times `node -e 0` each command may take. */
const bounds = { '--help': 2, list: 2.5, status: 3, check: 5 };

/**
 * What commands take from start to exit, against a Node that does nothing, in turn; `status` and `check` on a lab of
 * one server that is up, where `check` asks its mongod.
 * @returns {Promise<import('./figures.mjs').Figure[]>}
 */
export function benchStartup() {
  return inFolder(async (home) => {
    const env = { ...process.env, MSC_HOME: home, MSC_RUNTIME: 'local' };
    const start = (...args) => run(process.execPath, args, { env });
    await start(main, 'goto', 'single-node/load-the-shop', '--port-offset', String(portOffset));
    try {
      const names = Object.keys(bounds);
      const times = Object.fromEntries(['node', ...names].map((name) => [name, []]));
      for (let round = -1; round < rounds; round += 1) {
        for (const [name, kept] of Object.entries(times)) {
          const took = await timed(() =>
            name === 'node' ? start('-e', '0') : endsIn(start(main, name), name),
          );
          // The first round warms the page cache.
          if (round >= 0) kept.push(took);
        }
      }
      return [
        plain('node -e 0', median(times.node), 'ms'),
        ...names.map((name) =>
          atMost(bounds[name], `${name} / node -e 0`, pairedRatio(times[name], times.node), 'x'),
        ),
      ];
    } finally {
      await start(main, 'down', '--purge');
    }
  });
}

/** A lesson that is not passed is exit code 1; anything else but 0 is a failure of the bench. */
async function endsIn(running, name) {
  try {
    await running;
  } catch (error) {
    if (name !== 'check' || error.code !== 1) throw error;
  }
}
