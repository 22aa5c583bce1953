import { expect, test } from 'vitest';
import { progressLines } from '../../src/commands/output/progress-lines.js';
import type { FileEvent } from '../../src/lab/runtime.js';
import { fileSentence } from '../../src/lab/workspace/file-event.js';
import { workLines as plainLines } from '../../src/workbench/plain/work-text.js';
import { reduceWork, startedWork } from '../../src/workbench/state/work.js';
import { workLines } from '../../src/workbench/view/work-lines.js';

const kept = '/home/ada/workspace/compose.yaml.kept-1';
const restored: FileEvent = { kind: 'file', file: 'compose.yaml', became: 'restored', kept };

test('whoever had written into a file is told where that is', () => {
  expect(fileSentence(restored)).toBe(
    `compose.yaml is brought back to where the lesson begins. What you had written is kept as ${kept}`,
  );
  expect(fileSentence({ ...restored, became: 'solved' })).toMatch(/solution\. What .*kept-1$/);
});

test('a file of another version comes with the command that brings this one’s', () => {
  expect(fileSentence({ kind: 'file', file: 'compose.yaml', became: 'outdated' })).toContain(
    'mongo-scale-course reset compose.yaml',
  );
});

const sentence = fileSentence(restored);

test('on the command line it is said once', () => {
  const said: string[] = [];
  const tell = progressLines({ write: (text) => said.push(text) });
  tell(restored);
  tell(restored);
  expect(said).toEqual([`  ${sentence}\n`]);
});

test('without a screen it is said once', () => {
  const said: string[] = [];
  const { onEvent: tell } = plainLines((line) => said.push(line));
  tell(restored);
  tell(restored);
  expect(said).toEqual([`  ${sentence}`]);
});

test('on the screen it stands among what was done', () => {
  const begun = startedWork({ kind: 'goto', lesson: 'sharding/zones' });
  const after = reduceWork(reduceWork(begun, { type: 'work-event', event: restored }), {
    type: 'work-event',
    event: restored,
  });
  const text = workLines(after, 60).join('\n');
  expect(text.split('Your files')).toHaveLength(2);
  expect(text.replaceAll(/\s+/g, ' ')).toContain(sentence);
});
