import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import type { Snapshot } from '../../../src/lab/observe/snapshot.js';
import { groupsOf, mapOrder } from '../../../src/workbench/state/map-groups.js';
import { none } from '../../../src/workbench/state/state.js';
import { labLines } from '../../../src/workbench/view/lab-lines.js';
import { barScale, byteText, dataBar } from '../../../src/workbench/view/map/data-bar.js';
import { layoutMap } from '../../../src/workbench/view/map/layout.js';
import { nodeState } from '../../../src/workbench/view/map/node-state.js';
import { fifteen, five, inState, lab, node, three, twentyFour } from '../support/labs.js';

const labs = { three, five, fifteen, twentyFour };
const names = Object.keys(labs) as (keyof typeof labs)[];
/** The inside of the lab pane in terminals of 80x24, 120x36 and 200x50, and two that are cramped. */
const sizes = [
  [76, 19],
  [49, 11],
  [92, 17],
  [40, 8],
  [56, 14],
] as const;

function drawn(snapshot: Snapshot, width: number, height: number, marks = {}) {
  return labLines({
    lab: { stage: 'sharding', runtime: 'local' },
    snapshot,
    chosen: 'shard1a',
    wanted: 'router1',
    flashing: none,
    width,
    height,
    ...marks,
  });
}

test.each(sizes)('every lab as it is drawn in %ix%i', (width, height) => {
  const maps = names.map((name) => `${name}\n${drawn(labs[name], width, height).lines.join('\n')}`);
  expect(maps.join('\n\n')).toMatchSnapshot();
});

test.each(names)('a lab of %s services keeps to its width and shows each node once', (name) => {
  for (let width = 36; width <= 160; width += 5) {
    for (const height of [6, 9, 12, 20, 40]) {
      const { lines, chosenLine } = drawn(labs[name], width, height);
      for (const line of lines)
        expect(stringWidth(line), `${width}x${height}: ${line}`).toBeLessThanOrEqual(width);
      expect(lines[chosenLine], `${width}x${height}`).toContain('›');
      const map = lines.filter((line) => !line.startsWith('›')).join('\n');
      for (const service of mapOrder(labs[name])) {
        expect(
          map.match(new RegExp(`[●◆◇] ${service}\\b`, 'g')),
          `${service} at ${width}x${height}`,
        ).toHaveLength(1);
      }
    }
  }
});

test('the more room there is, the more is said', () => {
  expect(layoutMap(twentyFour, 100, 30).kind).toBe('boxes');
  expect(layoutMap(twentyFour, 49, 26).kind).toBe('rows');
  expect(layoutMap(twentyFour, 49, 11).kind).toBe('dense');
  expect(layoutMap(five, 49, 11).kind).not.toBe('dense');
  expect(layoutMap(lab([node('database', 'shard1a')]), 100, 30).kind).toBe('rows');
});

test('nodes are grouped from the gateway down to the shards', () => {
  expect(groupsOf(twentyFour).map(({ title, nodes }) => `${title} ${nodes.length}`)).toEqual([
    'gateway 1',
    'shops 3',
    'cache 6',
    'configset 3',
    'routers 2',
    'shard1 3',
    'shard2 3',
    'shard3 3',
  ]);
});

test('a shard that the config server does not have is not added, if it can be asked', () => {
  const notes = (snapshot: Snapshot) =>
    groupsOf(snapshot)
      .filter(({ isShard }) => isShard)
      .map(({ note }) => note);
  expect(notes(five)).toEqual([undefined, undefined, 'not added']);
  const [config, ...rest] = five.nodes;
  if (config === undefined) throw new Error('no config server');
  expect(notes(lab([inState(config, 'dead'), ...rest]))).toEqual([undefined, undefined, undefined]);
  const shards = five.shards.map((shard) => ({ ...shard, draining: shard.id === 'shard2' }));
  expect(notes(lab(five.nodes, { shards }))).toEqual([undefined, 'draining', 'not added']);
});

test('a shard is drawn by its id, and one of a set that nobody runs is told', () => {
  const shards = [
    { id: 'north', host: 'shard1/127.0.0.1:27111', draining: false },
    { id: 'lost', host: 'other/127.0.0.1:9', draining: false },
  ];
  const { lines } = drawn(lab(five.nodes, { shards }), 92, 17);
  expect(lines.join('\n')).toContain('─ north ─');
  expect(lines.join('\n')).toContain('! lost is a shard too, at other/127.0.0.1:9');
});

test('each state has its own glyph and words, whatever the colour', () => {
  const mongo = (role: 'primary' | 'secondary' | 'recovering' | 'silent' | 'uninitiated', rest = {}) =>
    node('shard', 'shard1a', { mongo: { role }, ...rest });
  const running = node('shard', 'shard1a');
  const states = [
    ...(['starting', 'paused', 'stopped', 'dead', 'absent'] as const).map((state) => inState(running, state)),
    ...(['primary', 'secondary', 'recovering', 'silent', 'uninitiated'] as const).map((role) => mongo(role)),
    mongo('secondary', { member: { state: '(not reachable/healthy)', healthy: false } }),
  ].map((one) => nodeState(one));
  for (const part of ['glyph', 'words'] as const) {
    expect(new Set(states.map((state) => state[part])).size).toBe(states.length);
  }
  for (const { glyph } of states) expect(stringWidth(glyph)).toBe(1);
  const recovering = (state: string) =>
    nodeState(mongo('recovering', { member: { state, healthy: true } })).words;
  expect(['STARTUP2', 'ROLLBACK', 'RECOVERING'].map(recovering)).toEqual([
    'initial sync',
    'rollback',
    'recovering',
  ]);
  const behind = node('shard', 'shard1b', { mongo: { role: 'secondary', lag: 12 } });
  expect(nodeState(behind).words).toBe('secondary, 12 s behind');
});

test('a change is marked by more than its style', () => {
  const { lines } = drawn(five, 92, 17, { flashing: new Set(['shard2a', 'shard2']) });
  expect(lines.join('\n')).toContain('shard2a*');
  expect(lines.join('\n')).toContain('shard2*');
});

test('a lab that was taken down says so, and how to have it back', () => {
  const { lines } = drawn(lab(five.nodes.map((one) => inState(one, 'stopped'))), 60, 12);
  expect(lines[0]).toContain('No server runs. Their data is kept; u starts them.');
});

test('a chunk on its way is told', () => {
  const moves = [{ namespace: 'somedb.users', from: 'shard1', to: 'shard2' }];
  expect(drawn(lab(five.nodes, { moves }), 60, 14).lines.join('\n')).toContain(
    '⇄ somedb.users: a chunk moves shard1 → shard2',
  );
});

test('a bar is the share of all documents, and gives way to the number', () => {
  const [shard1, shard2, shard3] = groupsOf(five).flatMap(({ data }) => data ?? []);
  const scale = barScale(groupsOf(five));
  const bars = (width: number) => [shard1, shard2, shard3].map((data) => data && dataBar(data, scale, width));
  expect(bars(20)).toEqual(['████░░░░ 29,878 docs', '████░░░░ 26,122 docs', '░░░░░░░░      0 docs']);
  expect(bars(12)).toEqual(['29,878 docs', '26,122 docs', '0 docs']);
  expect(bars(8)).toEqual(['', '', '0 docs']);
  expect(bars(40)[0]).toBe('██████████░░░░░░░░ 29,878 docs    8.7 MB');
});

test('what is there is seen however little it is, and what is alone needs no bar', () => {
  const scale = { documents: 40_000, figureWidth: 11 };
  expect(dataBar({ documents: 1, bytes: 9 }, scale, 20)).toBe('█░░░░░░░       1 doc');
  expect(dataBar({ documents: 40_000, bytes: 9 }, scale, 20)).toBe('40,000 docs');
});

test('bytes in the unit that fits', () => {
  expect([96, 312_400, 8_667_777, 2.5e9].map(byteText)).toEqual(['96 B', '312 kB', '8.7 MB', '2.5 GB']);
});

test.each([
  ['serving', '●', 'serving'],
  ['empty', '○', 'no products'],
  ['away', '╳', 'no data: 503'],
  ['silent', '?', 'silent'],
] as const)('a shop that is %s', (status, glyph, words) => {
  expect(nodeState(node('shop', 'shop1', { shop: { status } }))).toMatchObject({ glyph, words });
});
