import { cp, rm } from 'node:fs/promises';
import { execa } from 'execa';
import { electedPrimaries } from '../../../src/lab/elections.js';
import type { Checkpoint } from '../../e2e/support/checkpoint.js';
import { killAll } from '../../e2e/support/kill-all.js';
import type { TestLab } from '../../e2e/support/test-lab.js';

/** Keeps a lab in containers as it is now: a copy of its home and of each of its volumes, made while nothing runs. */
export async function takeVolumeCheckpoint(testLab: TestLab): Promise<Checkpoint> {
  const { home, lab, grader } = testLab;
  const stage = lab.stage() as string;
  const image = lab.runtime.stack()?.services[0]?.image as string;
  const kept = `${home.root}.checkpoint`;
  const volumes = await volumesOf(home.root);
  const keptVolumes = volumes.map((name) => `${name}.checkpoint`);
  const primaries = electedPrimaries(await grader.observe());
  const up = () => lab.up(stage, () => {}, undefined, { prefer: primaries });

  await lab.down({ purge: false });
  await cp(home.root, kept, { recursive: true });
  await copyVolumes(image, volumes, keptVolumes);
  await up();
  return {
    async restore() {
      await killAll(testLab);
      await lab.down({ purge: false });
      await rm(home.root, { recursive: true, force: true });
      await cp(kept, home.root, { recursive: true });
      await copyVolumes(image, keptVolumes, volumes);
      // A server that was added since has begun with an empty volume, and does so again.
      const added = (await volumesOf(home.root)).filter((name) => !volumes.includes(name));
      if (added.length > 0) await execa('docker', ['volume', 'rm', ...added]);
      await up();
    },
    async discard() {
      await rm(kept, { recursive: true, force: true });
      await execa('docker', ['volume', 'rm', ...keptVolumes]);
    },
  };
}

async function volumesOf(homeRoot: string): Promise<readonly string[]> {
  const filter = `label=mongo-scale-course=${homeRoot}`;
  return (await execa('docker', ['volume', 'ls', '--quiet', '--filter', filter], { lines: true })).stdout;
}

/** Replaces what is in each of `to` by what is in its counterpart of `from`. Holes stay holes. */
async function copyVolumes(image: string, from: readonly string[], to: readonly string[]): Promise<void> {
  const mounts = from.flatMap((name, index) => [
    ...['--volume', `${name}:/from/${index}:ro`],
    ...['--volume', `${to[index]}:/to/${index}`],
  ]);
  const copy = 'find /to -mindepth 2 -delete && cp -a --sparse=always /from/. /to/';
  await execa('docker', ['run', '--rm', ...mounts, '--entrypoint', 'sh', image, '-c', copy]);
}
