import { describe, expect, test } from 'vitest';
import { faultsOf, undoneSentences } from '../../../src/lab/faults/undo-faults.js';
import type { ServiceState, ServiceStatus } from '../../../src/lab/runtime.js';
import { Problem } from '../../../src/problem.js';

const status = (name: string, state: ServiceState, rest: Partial<ServiceStatus> = {}): ServiceStatus => ({
  name,
  program: 'mongod',
  state,
  address: '127.0.0.1:27111',
  ...rest,
});
const router1 = status('router1', 'running');

describe('what has to be brought back', () => {
  test.each([
    ['stopped', 'start'],
    ['dead', 'start'],
    ['absent', 'start'],
    ['paused', 'resume'],
  ] as const)('a service that is %s: %s', (state, by) => {
    expect(faultsOf([router1, status('shard1a', state)], 'local')).toEqual([{ service: 'shard1a', by }]);
  });

  test('one that is cut off the network, where that can be', () => {
    const isolated = status('shard1a', 'running', { detail: 'isolated' });
    expect(faultsOf([router1, isolated], 'docker')).toEqual([{ service: 'shard1a', by: 'rejoin' }]);
  });

  test('not what runs, is coming up, or cannot run on this machine', () => {
    const leftOut = status('edge', 'absent', { leftOut: 'no nginx here' });
    expect(faultsOf([router1, status('shard1a', 'starting'), leftOut], 'local')).toEqual([]);
  });

  test('not a lab that was taken down as a whole', () => {
    expect(faultsOf([status('router1', 'stopped'), status('shard1a', 'stopped')], 'local')).toEqual([]);
    expect(faultsOf([], 'local')).toEqual([]);
  });
});

test('what became of it is said, also of what could not be brought back', () => {
  expect(
    undoneSentences([
      { service: 'shard1a', by: 'start' },
      { service: 'shard1b', by: 'resume' },
      { service: 'router1', by: 'balancer' },
      { service: 'router1', by: 'window' },
      { service: 'shard1c', by: 'start', problem: new Problem('service-failed', 'its port is taken.') },
    ]),
  ).toEqual([
    'shard1a was started again: a fault ends with its lesson.',
    'shard1b goes on: a fault ends with its lesson.',
    'The balancer was switched on again: later lessons need it.',
    'The balancer works around the clock again: later lessons need it.',
    'shard1c could not be brought back: its port is taken.',
  ]);
});
