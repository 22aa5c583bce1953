import { benchCache } from './cache.mjs';
import { benchDocker } from './docker.mjs';
import { benchGateway } from './gateway.mjs';
import { benchMemory } from './memory.mjs';
import { benchReplication } from './replication.mjs';
import { benchRouter } from './router.mjs';
import { benchStartup } from './startup.mjs';
import { benchTraffic } from './traffic.mjs';
import { benchUp } from './up.mjs';
import { benchUpStopped } from './up-stopped.mjs';
import { benchWatch } from './watch.mjs';
import { benchWorkbench } from './workbench.mjs';

// All figures that the course promises, measured in one run; ends 1 where one is out of its bound. Names after `--`
// choose: npm run bench -- startup watch
const benches = {
  startup: benchStartup,
  up: benchUp,
  'up-stopped': benchUpStopped,
  replication: benchReplication,
  cache: benchCache,
  gateway: benchGateway,
  watch: benchWatch,
  workbench: benchWorkbench,
  memory: benchMemory,
  router: benchRouter,
  traffic: benchTraffic,
  docker: benchDocker,
};

const chosen = process.argv.slice(2);
const unknown = chosen.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(', ')}. Benches: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}

let out = 0;
for (const [name, bench] of Object.entries(benches)) {
  if (chosen.length > 0 && !chosen.includes(name)) continue;
  console.log(name);
  const rows = await bench();
  if (typeof rows === 'string') {
    console.log(`    not measured: ${rows}`);
    continue;
  }
  for (const row of rows) {
    const bound = row.bound === undefined ? '' : `  (bound ${row.bound})`;
    console.log(
      `  ${row.ok ? ' ' : '✗'} ${row.name.padEnd(46)} ${row.value.toFixed(2).padStart(10)} ${row.unit}${bound}`,
    );
    if (!row.ok) out += 1;
  }
}
console.log(out === 0 ? 'Every figure is within its bound.' : `${out} out of their bounds.`);
process.exitCode = out === 0 ? 0 : 1;
