import { rm } from 'node:fs/promises';
import { execa } from 'execa';
import { electedPrimaries } from '../../../src/lab/elections.js';
import { killAll } from './kill-all.js';
import type { TestLab } from './test-lab.js';

/** A lab's state at one moment, to come back to. */
export interface Checkpoint {
  restore(): Promise<void>;
  discard(): Promise<void>;
}

/**
 * Keeps the local lab as it is now: a copy of its home with every server stopped cleanly. Holes stay holes, since
 * a mongod's journal is mostly empty.
 */
export async function takeCheckpoint(testLab: TestLab): Promise<Checkpoint> {
  const { home, lab, grader } = testLab;
  const stage = lab.stage() as string;
  const copy = `${home.root}.checkpoint`;
  const copyTree = (from: string, to: string) => execa('cp', ['-a', '--sparse=always', from, to]);
  const primaries = electedPrimaries(await grader.observe());
  const up = () => lab.up(stage, () => {}, undefined, { prefer: primaries });

  await lab.down({ purge: false });
  await copyTree(home.root, copy);
  await up();
  return {
    async restore() {
      await killAll(testLab);
      await lab.down({ purge: false });
      await rm(home.root, { recursive: true, force: true });
      await copyTree(copy, home.root);
      await up();
    },
    discard: () => rm(copy, { recursive: true, force: true }),
  };
}
