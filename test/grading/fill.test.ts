import { expect, test } from 'vitest';
import { fill } from '../../src/lab/workspace/placeholders.js';

const places = {
  address: (service: string) => `127.0.0.1:1/${service}`,
  peerAddress: (service: string) => `${service}:2`,
  coursePath: (file: string) => `/course/${file}`,
  workspacePath: (file: string) => `/home/ada/workspace/${file}`,
};

test('fills in addresses, peers and files of the course', () => {
  expect(fill('{{address router1}} {{peer shard1a}} {{course load-shop.js}}', places)).toBe(
    '127.0.0.1:1/router1 shard1a:2 /course/load-shop.js',
  );
});

test('leaves the braces of JavaScript alone', () => {
  const code = 'db.a.find({b: {c: {}}}) // {{}} {{ x }}';
  expect(fill(code, places)).toBe(code);
});

test('refuses a word it does not know', () => {
  expect(() => fill('{{adress router1}}', places)).toThrow('{{adress router1}}');
});
