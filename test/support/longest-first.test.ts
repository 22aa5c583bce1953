import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package.js';
import { byLength } from './longest-first.js';

test('the long files come first and the others keep their order', () => {
  const files = [
    'e2e/shop.test.ts',
    'e2e/router-faults.test.ts',
    'e2e/cli.test.ts',
    'e2e/lessons-in-front.test.ts',
  ];
  expect(byLength(files, (file) => file)).toEqual([
    'e2e/lessons-in-front.test.ts',
    'e2e/router-faults.test.ts',
    'e2e/shop.test.ts',
    'e2e/cli.test.ts',
  ]);
});

test('every long file is there', () => {
  const there = readdirSync(join(packageRoot, 'test', 'e2e'));
  const first = byLength([...there].reverse(), (file) => file).slice(0, 5);
  expect(first).toEqual([
    'lessons-in-front.test.ts',
    'lessons-databases.test.ts',
    'shop-kill-primary.test.ts',
    'router-faults.test.ts',
    'workbench-exits.test.ts',
  ]);
});
