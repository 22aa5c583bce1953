import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../src/package.js';
import { ExitCode } from '../src/problem.js';
import { problemTable } from '../src/problem-codes.js';

const head = `# Errors

What the course says when something cannot be done, by the code that \`--json\` prints as \`error.code\`. The message says
what it was in your case, and what to do. What helps in general is in the last column; names of commands are without
\`mongo-scale-course\`.

| code | exit code | when | what helps |
|---|---|---|---|
`;

test('docs/errors.md lists every code, in the order of the alphabet', () => {
  const rows = Object.entries(problemTable).map(
    ([code, { exit, means, remedy }]) => `| \`${code}\` | ${ExitCode[exit]} | ${means} | ${remedy} |\n`,
  );
  expect(Object.keys(problemTable)).toEqual(Object.keys(problemTable).toSorted());
  const file = join(packageRoot, 'docs', 'errors.md');
  const text = head + rows.join('');
  if (process.env.WRITE_README) writeFileSync(file, text);
  expect(readFileSync(file, 'utf8'), 'npm run readme writes it').toBe(text);
});
