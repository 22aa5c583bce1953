import { describe, expect, test } from 'vitest';
import { isForRouter } from '../e2e/support/router-cluster.js';

describe('the router suites', () => {
  test('run where mongod is of the series the router is for', () => {
    expect(isForRouter('6.0.5', { CI: 'true' })).toBe(true);
    expect(isForRouter('6.0.5', {})).toBe(true);
  });

  test('skip themselves on a machine with another mongod', () => {
    expect(isForRouter('8.0.4', {})).toBe(false);
    expect(isForRouter(undefined, {})).toBe(false);
  });

  test('fail under CI with another mongod instead of skipping themselves', () => {
    expect(() => isForRouter('8.0.4', { CI: 'true' })).toThrow('mongod 8.0.4 is not of series 6.0');
  });
});
