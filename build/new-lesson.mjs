// `npm run new:lesson -- sharding/my-lesson --after hot-shard`: a lesson that lints, for its author to write in.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { argv, exit, stderr, stdout } from 'node:process';
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { root } from './options.mjs';

/** A server of each stage that a lesson can begin with. */
const servers = {
  'single-node': 'shard1a',
  sharding: 'router1',
  replication: 'router1',
  caching: 'router1',
  gateway: 'router1',
};

const usage = 'Usage: npm run new:lesson -- STAGE/NAME [--after LESSON]';

/**
 * Writes the folder of a lesson and lists it in its stage, after another or as the last.
 * @param {string} course folder of the course's texts
 * @param {{ id?: string, after?: string | undefined }} wanted
 * @returns {string} the new folder
 * @throws {Error} with a message for the author
 */
export function createLesson(course, { id = '', after }) {
  const [stage, name] = id.split('/');
  const server = servers[stage ?? ''];
  if (server === undefined || !/^[a-z]+(-[a-z0-9]+)*$/.test(name ?? ''))
    throw new Error(
      `"${id}" is no id such as sharding/my-lesson. Stages: ${Object.keys(servers).join(', ')}.`,
    );
  const list = join(course, stage, 'stage.en.md');
  const folder = join(course, stage, name);
  if (existsSync(folder)) throw new Error(`${folder} is there already.`);
  const text = readFileSync(list, 'utf8');
  const listed = [...text.matchAll(/^ {2}- (\S+)$/gm)].map(([, lesson]) => lesson);
  const before = after ?? listed.at(-1);
  if (!listed.includes(before))
    throw new Error(`${stage} has no lesson "${before}". It has: ${listed.join(', ')}.`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'lesson.ts'), planOf(server));
  writeFileSync(join(folder, 'en.md'), textOf(server));
  writeFileSync(list, text.replace(`  - ${before}\n`, `  - ${before}\n  - ${name}\n`));
  return folder;
}

const planOf = (
  server,
) => `import { check, lesson, mistake, mongosh, pass, pending, wrong } from '../../../src/lesson/lesson.js';

export default lesson({
  minutes: 8,
  leavesNothing: true,
  checks: [
    check('The note is there', {
      at: '${server}',
      look: async ({ mongo }) => {
        const expected = 'a note that says hello';
        const note = await mongo('${server}').db('drafts').collection('notes').findOne();
        if (!note) return pending('no note', expected);
        return note.says === 'hello' ? pass('it says hello') : wrong('other-words', \`it says \${note.says}\`, expected);
      },
      reproduce: mongosh('${server}', 'db.getSiblingDB("drafts").notes.findOne()'),
    }),
  ],
  mistakes: [mistake('other-words', { after: mongosh('${server}', 'use drafts\\ndb.notes.insertOne({ says: "goodbye" })') })],
  solution: [mongosh('${server}', 'use drafts\\ndb.notes.insertOne({ says: "hello" })')],
});
`;

const textOf = (server) => `---
title: A new lesson
---

## Why {#why}

What goes wrong in the shop, in three sentences.

## The idea {#idea}

What cures it, and why.

## Do it {#do}

On **${server}**:

\`\`\`js
use drafts
db.notes.insertOne({ says: "hello" })
\`\`\`

## Look {#look}

- What to see in the map, or in the shop.

## Hints {#hints}

1. Where to look.
2. What to type, in words.
3. The line itself.

## Debrief {#debrief}

What to remember.

## Mistakes {#mistakes}

### The note says something else {#other-words}

Remove it, and write the other:

\`\`\`js
db.notes.deleteMany({})
db.notes.insertOne({ says: "hello" })
\`\`\`
`;

if (argv[1] !== undefined && import.meta.url === pathToFileURL(argv[1]).href) {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { after: { type: 'string' } },
    });
    const folder = createLesson(join(root, 'lessons'), { id: positionals[0], after: values.after });
    stdout.write(`${folder}\nWrite in it, then: npm run lint; npm run prove -- ${positionals[0]}\n`);
  } catch (error) {
    stderr.write(`${error.message}\n${usage}\n`);
    exit(2);
  }
}
