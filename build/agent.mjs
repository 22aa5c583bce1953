// Makes dist/checkpoint/agent.mjs: the process that copies data folders, in one file that a container mounts.
import { build } from 'esbuild';

await build({
  entryPoints: ['src/lab/checkpoint/agent.ts'],
  outfile: 'dist/checkpoint/agent.mjs',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
});
