import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A lesson with nothing wrong in it, as an author would write it; faults are planted by replacing parts. */
const text = `---
title: Count the products
---

## Why {#why}

Nobody knows how many products there are.

## The idea {#idea}

A server can count. See [the next one](../other/en.md).

## Do {#do}

1. Count on **shard1a**:

   \`\`\`js
   use shop
   db.products.countDocuments({
     active: true
   })
   \`\`\`

## Look {#look}

- The number, at {{address shard1a}}.

## Hints {#hints}

1. Look.
2. Look again.
3. Type it.

## Debrief {#debrief}

You counted.

## Questions {#questions}

### How many? {#many}

## Mistakes {#mistakes}

### In another database {#elsewhere}

Type it in the right one:

\`\`\`js
use shop
\`\`\`
`;

const plan = `export default {
  minutes: 3, leavesNothing: true, needs: [],
  checks: [{ title: 'Counted', at: 'shard1a' }],
  mistakes: [{ id: 'elsewhere', after: [{ kind: 'shell', service: 'shard1a', lines: 'use test' }] }],
  questions: [{ id: 'many' }],
  measurements: [],
  solution: [{ kind: 'shell', service: 'shard1a', lines: 'use shop\\ndb.products.countDocuments({ active: true })' }],
};`;

/** A fault: what is replaced by what, in the text or in the plan, and the rule that has to find it. */
export interface Planted {
  readonly rule: string;
  readonly text?: readonly [string, string];
  readonly plan?: readonly [string, string];
}

export const planted: Readonly<Record<string, Planted>> = {
  'no-front-matter': { rule: 'cannot-be-read', text: ['title: Count the products', 'name: Count'] },
  'two-hints': { rule: 'cannot-be-read', text: ['3. Type it.\n', ''] },
  'no-debrief': { rule: 'cannot-be-read', text: ['{#debrief}', '{#end}'] },
  'mistake-unexplained': { rule: 'cannot-be-read', text: ['{#elsewhere}', '{#elsewere}'] },
  'question-of-nobody': { rule: 'unknown-id', plan: ["questions: [{ id: 'many' }]", 'questions: []'] },
  'no-file-left': { rule: 'no-file-left', plan: ['leavesNothing: true', 'leavesFile: true'] },
  'dead-link': { rule: 'dead-link', text: ['../other/en.md', '../otter/en.md'] },
  'code-not-run': { rule: 'code-not-run', text: ['   use shop\n', '   use shop\n   db.products.find()\n'] },
  'solution-not-shown': {
    rule: 'solution-not-shown',
    plan: ['active: true })', 'active: true })\\ndb.stats()'],
  },
  'broken-chain': {
    rule: 'broken-chain',
    text: ['Type it in the right one:\n\n```js\nuse shop\n', 'So:\n\n```js\ndb.products\n  .find()\n'],
  },
  'ten-code-blocks': {
    rule: 'too-many-code-blocks',
    text: ['You counted.', '```sh\nls\n```\n'.repeat(9)],
  },
  'no-way-out': {
    rule: 'no-way-out',
    text: ['Type it in the right one:\n\n```js\nuse shop\n```\n', 'It was wrong.\n'],
  },
  'word-too-early': {
    rule: 'word-before-its-lesson',
    text: ['You counted.', 'You counted without a router.'],
  },
  'word-too-early-in-a-mistake': {
    rule: 'word-before-its-lesson',
    text: ['Type it in the right one:', 'The router is not there yet. Type it in the right one:'],
  },
  'word-too-early-in-a-mistakes-title': {
    rule: 'word-before-its-lesson',
    text: ['### In another database', '### On a router'],
  },
  'word-too-early-in-a-question': {
    rule: 'word-before-its-lesson',
    text: ['### How many?', '### How many routers?'],
  },
  'service-of-later': { rule: 'unknown-service', plan: ["at: 'shard1a'", "at: 'router1'"] },
  'placeholder-of-later': {
    rule: 'unknown-placeholder',
    text: ['{{address shard1a}}', '{{address router1}}'],
  },
  'title-twice': {
    rule: 'title-twice',
    plan: [
      "checks: [{ title: 'Counted', at: 'shard1a' }]",
      "checks: [{ title: 'C', at: 'shard1a' }, { title: 'C', at: 'shard1a' }]",
    ],
  },
  'mistake-not-made': {
    rule: 'mistake-not-made',
    plan: ["after: [{ kind: 'shell', service: 'shard1a', lines: 'use test' }]", 'after: []'],
  },
  'kept-in-a-variable': {
    rule: 'module-state',
    plan: ['export default {', 'let looks = 0;\nexport default {'],
  },
  'kept-in-a-map': {
    rule: 'module-state',
    plan: ['export default {', 'const seen = new Map();\nexport default {'],
  },
  'need-of-nothing': { rule: 'unknown-need', plan: ['needs: []', "needs: ['sharding/nothing']"] },
};

/** Writes a course of two sound lessons and one for each fault; a fault's lesson has its name. */
export async function writeFaultyCourse(
  root: string,
  faults: Readonly<Record<string, Planted>>,
): Promise<void> {
  const stage = join(root, 'single-node');
  await mkdir(stage, { recursive: true });
  const lessons = ['sound', 'other', ...Object.keys(faults), 'last'];
  const list = lessons.map((name) => `  - ${name}\n`).join('');
  await writeFile(join(stage, 'stage.en.md'), `---\ntitle: One server\nlessons:\n${list}---\n\nOne.\n`);
  await writeFile(
    join(root, 'glossary.en.md'),
    '---\ntitle: Words\n---\n\n## router, routers {#single-node/last}\n\nKnows the way.\n',
  );
  await Promise.all(
    lessons.map(async (name) => {
      const folder = join(stage, name);
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'en.md'), changed(text, faults[name]?.text));
      await writeFile(join(folder, 'lesson.mjs'), changed(plan, faults[name]?.plan));
    }),
  );
}

function changed(whole: string, change: readonly [string, string] | undefined): string {
  if (!change) return whole;
  if (!whole.includes(change[0])) throw new Error(`nothing to replace: ${change[0]}`);
  return whole.replace(change[0], change[1]);
}
