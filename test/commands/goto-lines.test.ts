import { expect, test, vi } from 'vitest';
import { withGotoLines } from '../../src/commands/goto.js';

test('on the way to a lesson it is told what happens, once, and not what runs as it did', async () => {
  const said: string[] = [];
  const spy = vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    said.push(String(text));
    return true;
  });
  await withGotoLines(false, async (tell) => {
    tell({ kind: 'service', service: 'shard1a', phase: 'unchanged' });
    tell({ kind: 'service', service: 'shard2a', phase: 'stopped' });
    tell({ kind: 'file', file: 'compose.yaml', became: 'restored', kept: '/w/compose.yaml.kept-1' });
    tell({ kind: 'replay', lesson: 'sharding/zones', phase: 'kept' });
    tell({ kind: 'replay', lesson: 'sharding/zones', phase: 'kept' });
    tell({ kind: 'undone', undone: [{ service: 'router1', by: 'balancer' }] });
  });
  spy.mockRestore();
  expect(said.join('')).toBe(
    [
      '  ○ shard2a stopped',
      '  compose.yaml is brought back to where the lesson begins. What you had written is kept as /w/compose.yaml.kept-1',
      '  sharding/zones: done already',
      '  The balancer was switched on again: later lessons need it.',
      '',
    ].join('\n'),
  );
});
