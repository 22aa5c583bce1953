import { describe, expect, test } from 'vitest';
import { parseLessonText } from '../../src/course/lesson-text.js';
import type { LessonPlan } from '../../src/course/types.js';

const plan: LessonPlan = {
  minutes: 5,
  needs: [],
  checks: [{ title: 'a set' }],
  mistakes: [{ id: 'wrong-name' }],
  questions: [{ id: 'owner' }],
  measurements: [{ id: 'outage' }],
};

const source = `---
title: A set of its own
---
## Why {#why}
The shop fell over.
## The idea {#idea}
\`\`\`text
## not a heading
\`\`\`
## Do {#do}
1. \`rs.initiate()\`
## Look {#look}
At the map.
## Hints {#hints}
1. Look.
2. Look closer.
3. Nearly.
## Debrief {#debrief}
It elected itself.
## Questions {#questions}
### Which shard owns "ly42"? {#owner}
## Measurements {#measurements}
### How long no order came through {#outage}
## Mistakes {#mistakes}
### Another name {#wrong-name}
The set is called otherwise.
`;

const parse = (text: string) => parseLessonText(text, { file: 'lessons/x/en.md', language: 'en', plan });

describe('a lesson text', () => {
  test('gives its parts by the ids of its headings', () => {
    const text = parse(source);
    expect(text.title).toBe('A set of its own');
    expect(text.body).toContain('## Why\n\nThe shop fell over.');
    expect(text.body).toContain('## not a heading');
    expect(text.body).not.toContain('{#');
    expect(text.body).not.toContain('Nearly');
    expect(text.hints).toEqual(['Look.', 'Look closer.', 'Nearly.']);
    expect(text.debrief).toBe('It elected itself.');
    expect(text.mistakes.get('wrong-name')).toEqual({
      title: 'Another name',
      text: 'The set is called otherwise.',
    });
    expect(text.questions.get('owner')).toBe('Which shard owns "ly42"?');
    expect(text.measurements.get('outage')).toBe('How long no order came through');
  });

  test('may be written on Windows', () => {
    expect(parse(source.replaceAll('\n', '\r\n')).hints).toHaveLength(3);
  });

  test.each([
    ['no front matter', source.replace('title:', 'name:'), 'lessons/x/en.md does not begin with'],
    ['no debrief', source.replace('{#debrief}', '{#after}'), 'no section whose heading ends with {#debrief}'],
    ['a heading without id', source.replace('## Look {#look}', '## Look'), '"## Look" should end with {#id}'],
    ['two hints', source.replace('3. Nearly.\n', ''), 'exactly three hints'],
    ['a mistake unexplained', source.replace('{#wrong-name}', '{#other}'), 'the mistake "wrong-name"'],
    ['a question unworded', source.replace('{#owner}', '{#other}'), 'the question "owner"'],
    ['a measurement unnamed', source.replace('{#outage}', '{#other}'), 'the measurement "outage"'],
  ])('with %s is refused, naming file and fault', (_, text, fault) => {
    expect(() => parse(text)).toThrow(fault);
  });
});
