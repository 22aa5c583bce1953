import type { Snapshot } from '../../lab/observe/snapshot.js';
import type { LabStanding } from '../course-session.js';
import { foreignShards } from '../state/map-groups.js';
import { liveNodes } from '../state/selectors.js';
import { cut } from '../text/columns.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { drawBoxes } from './map/boxes.js';
import type { MapMarks } from './map/cell.js';
import { drawDense } from './map/dense.js';
import type { Drawn } from './map/drawn.js';
import { layoutMap } from './map/layout.js';
import { nodeState } from './map/node-state.js';
import { drawRows } from './map/rows.js';

interface LabLinesOptions extends MapMarks {
  readonly lab: LabStanding | undefined;
  readonly snapshot: Snapshot | undefined;
  readonly width: number;
  readonly height: number;
}

/** The map of the lab, what there is to say of it besides, and the chosen node in words. */
export function labLines(options: LabLinesOptions): { lines: readonly string[]; chosenLine: number } {
  const { lab, snapshot, width, height } = options;
  if (snapshot === undefined) {
    const text =
      lab?.stage === undefined ? 'Nothing runs yet. u brings up the stage.' : 'Looking at the lab.';
    return { lines: wrapText(theme.dim(text), width), chosenLine: 0 };
  }
  const above = [...allDown(snapshot), ...composeLines(lab, width)];
  const below = [...moveLines(snapshot), ...foreignLines(snapshot)].map((line) => cut(line, width));
  const drawn = draw(snapshot, options, { width, height: height - above.length - below.length });
  const chosen = chosenWords(snapshot, options.chosen, drawn.kind);
  const lines = [...above, ...drawn.lines.map(({ text }) => text), ...below];
  // The last line of the pane, so that it does not move.
  if (chosen !== undefined && lines.length < height) {
    while (lines.length < height - 1) lines.push('');
    lines.push(cut(chosen, width));
  }
  const at = drawn.lines.findIndex(({ nodes }) => nodes.includes(options.chosen ?? ''));
  return { lines, chosenLine: Math.max(0, at) + above.length };
}

function draw(
  snapshot: Snapshot,
  marks: MapMarks,
  { width, height }: { width: number; height: number },
): { kind: 'boxes' | 'rows' | 'dense'; lines: readonly Drawn[] } {
  const layout = layoutMap(snapshot, width, height);
  const lines =
    layout.kind === 'boxes'
      ? drawBoxes(layout, marks, width)
      : layout.kind === 'rows'
        ? drawRows(layout, marks, width)
        : drawDense(layout, marks);
  return { kind: layout.kind, lines };
}

/** Somebody took the lab down, here or elsewhere: that is no failure, and nothing is lost. */
function allDown(snapshot: Snapshot): readonly string[] {
  if (snapshot.nodes.length === 0 || liveNodes(snapshot) > 0) return [];
  return [theme.pending('! No server runs. Their data is kept; u starts them.')];
}

/** What is written is not what runs: the map shows what runs. */
function composeLines(lab: LabStanding | undefined, width: number): readonly string[] {
  const said = {
    current: '',
    changed: 'differs from what runs; u brings it up',
    broken: 'cannot be run; u says why',
  };
  const words = lab?.compose === undefined ? '' : said[lab.compose];
  return words === '' ? [] : [cut(theme.pending(`! compose.yaml ${words}.`), width)];
}

function moveLines({ moves }: Snapshot): readonly string[] {
  return moves.map(({ namespace, from, to }) =>
    theme.pending(`⇄ ${namespace}: a chunk moves ${from} → ${to}`),
  );
}

function foreignLines(snapshot: Snapshot): readonly string[] {
  return foreignShards(snapshot).map(({ id, host }) => theme.pending(`! ${id} is a shard too, at ${host}`));
}

/** The chosen node where its line says less than there is to say. */
function chosenWords(snapshot: Snapshot, chosen: string | undefined, kind: string): string | undefined {
  const node = snapshot.nodes.find(({ service }) => service === chosen);
  if (node === undefined || kind === 'rows') return undefined;
  const { words, style } = nodeState(node);
  return `${theme.focus('›')} ${theme.strong(node.service)} ${style(words)} ${theme.dim(`${node.status.address}  Enter: more`)}`;
}
