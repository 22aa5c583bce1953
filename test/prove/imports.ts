import { join } from 'node:path';
import { build } from 'esbuild';
import { packageRoot } from '../../src/package.js';

/**
 * The modules of this package whose code is part of what a module does, by their paths from package.json on. What it
 * imports and does not use is left out, so that the one module with all of a lesson's vocabulary does not make every
 * lesson depend on every part of it.
 */
export async function modulesOf(entry: string): Promise<ReadonlySet<string>> {
  const { metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints: [join(packageRoot, entry)],
    bundle: true,
    write: false,
    metafile: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    packages: 'external',
    outfile: 'unused.mjs',
    logLevel: 'error',
  });
  const inputs = Object.values(metafile.outputs).flatMap((output) => Object.entries(output.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return new Set([entry, ...used]);
}
