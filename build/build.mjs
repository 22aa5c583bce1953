// `npm run build` makes what the package ships of its own code; `npm run dev` makes it again after each change.
import { build, context } from 'esbuild';
import { copyShopDocs, mountedFiles } from './mounted-files.mjs';
import { program } from './program.mjs';
import { writeOutputs } from './write-outputs.mjs';

const watching = process.argv.includes('--watch');
const builds = [program, ...mountedFiles].map((options) => ({
  ...options,
  plugins: [...(options.plugins ?? []), writeOutputs],
}));

copyShopDocs();
if (watching) {
  for (const options of builds) await (await context({ ...options, logLevel: 'info' })).watch();
} else {
  await Promise.all(builds.map((options) => build(options)));
}
