import { expect, test } from 'vitest';
import { readStack } from '../../../src/lab/compose/stack.js';
import { startedForSet, tierOf } from '../../../src/lab/compose/tier.js';

const tiersAt = (stage: string) =>
  Object.fromEntries(
    readStack(stage).services.map((service) => [service.name, [tierOf(service), startedForSet(service)]]),
  );

test('what the services of the first stages are for', () => {
  expect(tiersAt('single-node')).toEqual({ shard1a: ['database', undefined], shop1: ['shop', undefined] });
  expect(tiersAt('sharding')).toEqual({
    config1: ['config', 'configset'],
    shard1a: ['shard', 'shard1'],
    shard2a: ['shard', 'shard2'],
    router1: ['router', undefined],
    shop1: ['shop', undefined],
  });
});

test.each([
  ['redis-server', 'cache'],
  ['traefik', 'gateway'],
  ['nginx', 'edge'],
  ['node', 'shop'],
] as const)('what runs %s is of tier %s', (program, tier) => {
  expect(tierOf({ program, args: [] })).toBe(tier);
});
