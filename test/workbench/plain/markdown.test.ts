import { expect, test } from 'vitest';
import { diagramsOf, plainMarkdown } from '../../../src/workbench/plain/markdown.js';

const lesson = `## The idea

The **router** asks the \`config1\` server, as
[the manual](https://example.org/manual) says, see <https://example.org/>.

\`\`\`text
 a ──► b
\`\`\`

1. First, *this*:

   \`\`\`js
   sh.status()

   exit
   \`\`\`

2. Then that, which is long enough to be wrapped once

- a & b
- c "d"
`;

test('markdown is read out: no marks, no styles, no diagram; code is as it is typed', () => {
  expect(plainMarkdown(lesson, 40)).toEqual([
    'The idea',
    '',
    'The router asks the config1 server, as',
    'the manual (https://example.org/manual)',
    'says, see https://example.org/.',
    '',
    '(A diagram: the word diagram prints it.)',
    '',
    '1. First, this:',
    '',
    '       sh.status()',
    '',
    '       exit',
    '',
    '2. Then that, which is long enough to be',
    '   wrapped once',
    '',
    '- a & b',
    '- c "d"',
  ]);
});

test('diagrams are found, also inside a list, and code is none', () => {
  expect(diagramsOf(`${lesson}\n- x\n\n  \`\`\`\n  |\n  \`\`\`\n`)).toEqual([' a ──► b', '|']);
});
