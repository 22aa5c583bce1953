import { Timestamp } from 'bson';
import { describe, expect, test } from 'vitest';
import { hasMajority, rankCandidates } from '../../../src/lab/replica-sets/election-candidates.js';

const heard = (name: string, { seconds = 100, term = 1, secondary = true } = {}) => ({
  name,
  hello: {
    me: `127.0.0.1:${name}`,
    secondary,
    lastWrite: { opTime: { t: term, ts: new Timestamp({ t: seconds, i: 1 }) } },
  },
});
const silent = (name: string) => ({ name, hello: undefined });
const config = (priorities: Readonly<Record<string, number>> = { a: 1, b: 1, c: 1 }) => ({
  members: Object.entries(priorities).map(([name, priority]) => ({
    host: `127.0.0.1:${name}`,
    priority,
    votes: name.startsWith('x') ? 0 : 1,
  })),
});

describe('candidates for primary', () => {
  const names = (...args: Parameters<typeof rankCandidates>) =>
    rankCandidates(...args).map(({ name }) => name);

  test('keep the order of the compose file where nothing else tells them apart', () => {
    expect(names([heard('a'), heard('b'), heard('c')], config(), [])).toEqual(['a', 'b', 'c']);
  });

  test('members with newer writes come before those with older ones', () => {
    const members = [heard('a'), heard('b', { seconds: 101 }), heard('c', { seconds: 50, term: 2 })];
    expect(names(members, config(), [])).toEqual(['c', 'b', 'a']);
  });

  test('members with a higher priority come before those with newer writes', () => {
    const members = [heard('a'), heard('b', { seconds: 101 }), heard('c')];
    expect(names(members, config({ a: 1, b: 1, c: 2 }), [])).toEqual(['c', 'b', 'a']);
  });

  test('preferred members come first, whatever their priority', () => {
    const members = [heard('a'), heard('b', { seconds: 101 }), heard('c')];
    expect(names(members, config({ a: 1, b: 2, c: 1 }), ['c'])).toEqual(['c', 'b', 'a']);
  });

  test('members are not ready before they answer as secondaries', () => {
    expect(
      rankCandidates([heard('a', { secondary: false }), silent('b'), heard('c')], config(), ['b']),
    ).toEqual([
      { name: 'b', isReady: false },
      { name: 'a', isReady: false },
      { name: 'c', isReady: true },
    ]);
  });

  test('are not members of priority 0, and not servers that are no members', () => {
    expect(names([heard('a'), heard('b'), heard('z')], config({ a: 0, b: 1 }), ['z'])).toEqual(['b']);
  });
});

describe('a majority', () => {
  test('is more than half of the voting members', () => {
    expect(hasMajority([heard('a'), silent('b'), silent('c')], config())).toBe(false);
    expect(hasMajority([heard('a'), heard('b'), silent('c')], config())).toBe(true);
    expect(hasMajority([heard('a'), heard('b')], config({ a: 1, b: 1, c: 1, d: 1 }))).toBe(false);
  });

  test('does not count members without a vote', () => {
    expect(hasMajority([heard('a'), heard('x1'), heard('x2')], config({ a: 1, b: 1, x1: 1, x2: 1 }))).toBe(
      false,
    );
  });
});
