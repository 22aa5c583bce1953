import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { packageRoot } from '../src/package.js';
import type { KeyBinding } from '../src/workbench/keys/binding.js';
import { keyLabel } from '../src/workbench/keys/match.js';
import { keyTable } from '../src/workbench/keys/table.js';

const readme = join(packageRoot, 'README.md');
const marks = ['<!-- keys: written by npm run readme -->', '<!-- /keys -->'] as const;

/** The key table as README shows it. */
function keysMarkdown(): string {
  const rows = keyTable.map((binding) => `| ${keysOf(binding)} | ${binding.does} | ${whereOf(binding)} |`);
  return ['| keys | what they do | where |', '|---|---|---|', ...rows].join('\n');
}

function keysOf({ keys }: KeyBinding): string {
  return keys.map((key) => `\`${keyLabel(key)}\``).join(' ');
}

const places: Partial<Record<string, string>> = {
  course: 'list of lessons',
  work: 'bringing up',
  'work-over': 'after bringing up',
  help: 'keys',
  page: 'mistakes, outcome',
  glossary: 'glossary',
  trouble: 'error',
  confirm: 'confirmation',
  choice: 'question',
  number: 'question',
  search: 'search',
  demo: 'demo',
  shell: 'shell',
  'shell-prefix': 'after Ctrl+]',
  'shell-scroll': 'shell, scrolled back',
  'shell-ended': 'shell that has ended',
  lab: 'lab pane',
  node: 'details of a node',
};

function whereOf({ in: contexts }: KeyBinding): string {
  if (contexts.length > 10) return 'everywhere';
  return [...new Set(contexts.map((context) => places[context] ?? context))].join(', ');
}

test('README has the keys as the workbench has them (npm run readme writes them)', () => {
  const text = readFileSync(readme, 'utf8');
  const from = text.indexOf(marks[0]) + marks[0].length;
  const to = text.indexOf(marks[1]);
  expect(to).toBeGreaterThan(from);
  const wanted = `${text.slice(0, from)}\n${keysMarkdown()}\n${text.slice(to)}`;
  if (process.env.WRITE_README) writeFileSync(readme, wanted);
  else expect(text).toBe(wanted);
});
