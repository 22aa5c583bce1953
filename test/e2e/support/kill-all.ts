import type { TestLab } from './test-lab.js';

/** Ends all servers at once: what they wrote since a checkpoint is thrown away, so they need not end well. */
export async function killAll({ lab }: TestLab): Promise<void> {
  const running = (await lab.runtime.services()).filter(({ state }) => state !== 'stopped');
  await Promise.all(running.map(({ name }) => lab.runtime.kill(name)));
}
