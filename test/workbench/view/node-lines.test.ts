import stringWidth from 'string-width';
import { expect, test, vi } from 'vitest';
import { clock, logLine } from '../../../src/workbench/view/log-line.js';
import { nodeLines } from '../../../src/workbench/view/node-lines.js';
import { fifteen, five, inState, lab, node } from '../support/labs.js';

// Times are shown in the learner's own zone, which chalk and Node read once; styles are not looked at here.
vi.hoisted(() => {
  process.env.TZ = 'UTC';
  process.env.FORCE_COLOR = '0';
});

const entry = (rest: object) =>
  JSON.stringify({ t: { $date: '2026-01-31T14:03:59.120+00:00' }, s: 'I', c: 'NETWORK', id: 1, ...rest });

test('a line of mongod’s log as a person reads it', () => {
  expect(logLine(entry({ msg: 'Connection accepted', attr: { remote: '127.0.0.1:5', n: { a: 1 } } }))).toBe(
    '14:03:59 I NETWORK Connection accepted remote: 127.0.0.1:5, n: {"a":1}',
  );
  expect(logLine(entry({ msg: 'Started' }))).toBe('14:03:59 I NETWORK Started');
});

test('what is no such line is shown as it is, without what would disturb the terminal', () => {
  for (const line of ['plain text', '{ not JSON', '{"level":30}']) expect(logLine(line)).toBe(line);
  expect(logLine('\u001B[31mred\u001B[0m\tand\u001B[2Jnow')).toBe('red    andnow');
});

test('a time that is none is left out', () => {
  expect([clock('2026-01-31T14:03:59Z'), clock(undefined), clock('x')]).toEqual(['14:03:59', '', '']);
});

const size = { width: 60, height: 12 };

test('a node of a set: how it is, what runs, how the others are, and its log', () => {
  const [shard1a] = fifteen.nodes.filter(({ service }) => service === 'shard1a');
  if (shard1a === undefined) throw new Error('no shard1a');
  const status = { ...shard1a.status, runs: 'mongod 6.0.5', pid: 4711, since: '2026-01-31T14:03:00Z' };
  const log = ['first', 'second', entry({ msg: 'a message that is longer than the pane is wide, by far' })];
  const one = { ...shard1a, status };
  expect(nodeLines({ node: one, snapshot: fifteen, wanted: 'shard1a', log, ...size })).toMatchInlineSnapshot(`
    [
      "state    ◆ primary of shard1",
      "address  127.0.0.1:27111",
      "runs     mongod 6.0.5, process 4711 since 14:03:00",
      "set      shard1  ◇ shard1b secondary  ◇ shard1c secondary",
      "data     29,878 documents, 8.7 MB",
      "check    ◂ the first open check is about this node",
      "",
      "Log, as it comes",
      "first",
      "second",
      "14:03:59 I NETWORK a message that is longer than the pane i…",
    ]
  `);
});

test('a dead node says how it ended, a node of no set says nothing of one', () => {
  const dead = inState(node('router', 'router1'), 'dead');
  const one = { ...dead, status: { ...dead.status, detail: 'ended with exit code 14' } };
  const lines = nodeLines({ node: one, snapshot: lab([one]), wanted: undefined, log: [], ...size });
  expect(lines[0]).toContain('dead: ended with exit code 14');
  expect(lines.join('\n')).not.toContain('set ');
  expect(lines.at(-1)).toBe('Nothing was written yet.');
});

test('whatever there is to say, it has its size, and the end of the log is what is seen', () => {
  const log = Array.from({ length: 300 }, (_, index) => `line ${index} ${'漢'.repeat(index % 80)}`);
  for (const one of five.nodes) {
    for (const [width, height] of [
      [40, 8],
      [76, 18],
      [104, 45],
    ] as const) {
      const lines = nodeLines({ node: one, snapshot: five, wanted: one.service, log, width, height });
      expect(lines.length).toBeLessThanOrEqual(height);
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(width);
      if (height > 10) expect(lines.at(-1)).toContain('line 299');
    }
  }
});
