import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { framed } from '../../../src/workbench/view/frame.js';
import { layoutFor } from '../../../src/workbench/view/layout.js';

const sizes = [
  [60, 18],
  [80, 24],
  [99, 24],
  [100, 30],
  [120, 36],
  [200, 50],
  [400, 120],
] as const;

test.each(sizes)('at %ix%i the panes fill the terminal exactly', (columns, rows) => {
  for (const notice of [0, 1, 3]) {
    const layout = layoutFor({ columns, rows }, notice);
    if (layout.kind === 'too-small') throw new Error('too small');
    const { lesson, checks, lab } = layout.panes;
    const { list, stage } = layout.course;
    expect(layout.bodyHeight + 2 + notice).toBe(rows);
    if (layout.kind === 'tabs') {
      for (const pane of [lesson, checks, lab])
        expect(pane).toEqual({ width: columns, height: layout.bodyHeight - 1 });
      expect(list.height + stage.height).toBe(layout.bodyHeight);
    } else {
      expect(lesson.width + checks.width).toBe(columns);
      expect(checks.width).toBe(lab.width);
      expect(checks.height + lab.height).toBe(layout.bodyHeight);
      expect(list.width + stage.width).toBe(columns);
    }
  }
});

test('below 100 columns the panes are behind tabs', () => {
  expect(layoutFor({ columns: 99, rows: 40 }).kind).toBe('tabs');
  expect(layoutFor({ columns: 100, rows: 40 }).kind).toBe('wide');
});

test('the lesson is as wide beside other panes as it is on the smallest terminal', () => {
  for (const columns of [60, 99, 100, 107, 120]) {
    const layout = layoutFor({ columns, rows: 30 });
    if (layout.kind === 'too-small') throw new Error('too small');
    expect(layout.panes.lesson.width, `${columns}`).toBeGreaterThanOrEqual(60);
  }
});

test('below 60x18 there is no layout', () => {
  expect(layoutFor({ columns: 59, rows: 40 }).kind).toBe('too-small');
  expect(layoutFor({ columns: 200, rows: 17 }).kind).toBe('too-small');
});

const lines = Array.from({ length: 30 }, (_, index) => `line ${index + 1}`);

test('a frame has its size, whatever is in it', () => {
  const wide = ['漢字'.repeat(20), '🙂 emoji', 'x'.repeat(100), '', 'é'];
  for (const content of [[], lines, wide]) {
    const frame = framed({
      title: 'A title that is longer than the pane is wide',
      lines: content,
      width: 24,
      height: 9,
    });
    expect(frame).toHaveLength(9);
    for (const line of frame) expect(stringWidth(line), line).toBe(24);
  }
});

test('a frame shows its lines from the top asked for, and never past the last', () => {
  const bottom = framed({ title: 'T', lines, width: 30, height: 7, top: 99 });
  expect(bottom[5]).toContain('line 30');
  expect(bottom.at(-1)).toContain('26-30 of 30');
});

test('the pane that keys go to is marked without colours too', () => {
  expect(framed({ title: 'T', lines, width: 30, height: 7, focused: true })[0]).toContain('▸ T');
});
