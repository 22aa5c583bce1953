import { describe, expect, test } from 'vitest';
import { findBadMemberHost } from '../../src/lesson/probes/set-members.js';

describe('the name of a member', () => {
  test.each([
    ['localhost:27101', 'config1:27101', 'localhost-member'],
    ['localhost:27101', '127.0.0.1:27101', 'localhost-member'],
    ['127.0.0.1:27101', 'config1:27101', 'published-address'],
    ['[::1]:27101', 'config1:27101', 'published-address'],
    ['91c801b15773:27101', 'config1:27101', 'container-id-member'],
    ['172.18.0.3:27101', 'config1:27101', 'container-id-member'],
  ])('%s, where it should be %s, is the mistake %s', (host, own, mistake) => {
    expect(findBadMemberHost(host, own)).toBe(mistake);
  });

  test.each([
    ['config1:27101', 'config1:27101'],
    // Local processes know each other by this very address.
    ['127.0.0.1:27101', '127.0.0.1:27101'],
    ['shard1a:27111', 'config1:27101'],
    ['config1.example.net:27101', 'config1:27101'],
  ])('%s, where it should be %s, is none of these', (host, own) => {
    expect(findBadMemberHost(host, own)).toBeUndefined();
  });
});
