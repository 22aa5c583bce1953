import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../../src/package.js';

/** Where commands are loaded when they are typed: that is what the table is for. */
const table = 'src/command-table.ts';

/** Places in a file where a module is loaded while the program runs, and the line above says nothing of why. */
function unexplained(file: string): readonly string[] {
  const lines = readFileSync(join(packageRoot, file), 'utf8').split('\n');
  return lines.flatMap((line, index) => {
    const isLoading = /(?<!typeof )\bimport\(/.test(line) && !/^\s*(\/\/|\*)/.test(line);
    const above = lines.slice(Math.max(0, index - 4), index).reverse();
    // The comment stands over the statement, which may begin some lines above.
    const isExplained = above.some((one) => /^\s*(\/\/|\*\/|\/\*\*)/.test(one));
    return isLoading && !isExplained ? [`${file}:${index + 1} ${line.trim()}`] : [];
  });
}

test('each module that is loaded while the program runs has a comment that says why', () => {
  const files = readdirSync(join(packageRoot, 'src'), { recursive: true, encoding: 'utf8' })
    .map((file) => `src/${file}`)
    .filter((file) => /\.tsx?$/.test(file) && file !== table);
  expect(files.length).toBeGreaterThan(300);
  expect(files.flatMap(unexplained)).toEqual([]);
});
