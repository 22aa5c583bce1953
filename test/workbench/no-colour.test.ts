import { expect, test, vi } from 'vitest';
import { addShards, wrongVerdicts } from './support/fake-session.mjs';
import { mountFake } from './support/mounted.js';

vi.setConfig({ testTimeout: 30_000 });

// Chalk decides while it is loaded: this is what NO_COLOR makes of it.
vi.hoisted(() => {
  process.env.FORCE_COLOR = '0';
});

test('without colours no cell has a style, and every state is told by a glyph and a word', async () => {
  const { press, shows, session, terminal, close } = await mountFake(120, 36);
  press('\r');
  await shows('Add the shards (8 min)');
  session.say({ kind: 'verdicts', lesson: addShards.id, passed: false, checks: wrongVerdicts, measured: [] });
  const text = await shows('✗ shard2 is a shard of the cluster');
  expect(text).toMatch(/✓ shard1 is a shard[\s\S]*wrong[\s\S]*✗ shard3a dead/);
  expect(await terminal.styles()).toMatch(/^[.\n]+$/);
  await close();
});
