import type { ServiceState } from '../../lab/runtime.js';
import type { NodeView, Snapshot } from '../../lab/snapshot.js';
import type { LabStanding } from '../course-session.js';
import { fit, spread } from '../text/columns.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { serviceMarks } from './glyphs.js';

interface LabLinesOptions {
  readonly lab: LabStanding | undefined;
  readonly snapshot: Snapshot | undefined;
  /** The service the cursor is on. */
  readonly chosen: string | undefined;
  /** The service that the first open check is about. */
  readonly wanted: string | undefined;
  readonly width: number;
}

/** A line a service: state, name, role, address; then the shards as the config server has them. */
export function labLines({ lab, snapshot, chosen, wanted, width }: LabLinesOptions): readonly string[] {
  if (snapshot === undefined) {
    const text =
      lab?.stage === undefined ? 'Nothing runs yet. u brings up the stage.' : 'Looking at the lab.';
    return wrapText(theme.dim(text), width);
  }
  const nameWidth = Math.max(...snapshot.nodes.map((node) => node.service.length), 0);
  const lines = snapshot.nodes.map((node) => {
    const { glyph, word, style } = serviceMarks[node.status.state];
    const cursor = node.service === chosen ? theme.focus('›') : ' ';
    const name = fit(node.service, nameWidth);
    const here = node.service === wanted ? theme.pending(' ◂ check') : '';
    // What the server says of itself says also that it runs.
    const role = roleText(node);
    const state = node.status.state === 'running' && role !== '' ? role : style(word) + (role && `, ${role}`);
    const left = `${cursor}${style(glyph)} ${node.service === chosen ? theme.strong(name) : name}  ${state}${here}`;
    return spread(left, theme.dim(node.status.address), width);
  });
  const shards = snapshot.shards.map((shard) => {
    const host = shard.draining ? `${shard.host}, draining` : shard.host;
    return `  ${shard.id}  ${theme.dim(host)}`;
  });
  return shards.length === 0
    ? lines
    : [...lines, '', theme.dim('Shards, as the config server has them'), ...shards];
}

const liveStates: ReadonlySet<ServiceState> = new Set(['starting', 'running', 'paused']);

/** How many services have a live process. */
export function liveNodes({ nodes }: Snapshot): number {
  return nodes.filter((node) => liveStates.has(node.status.state)).length;
}

/** Which line the cursor is on. */
export function chosenLine(snapshot: Snapshot | undefined, chosen: string | undefined): number {
  return Math.max(0, snapshot?.nodes.findIndex((node) => node.service === chosen) ?? 0);
}

/** What the server says it is: `primary of shard1`; empty where it says nothing. */
function roleText({ status, mongo }: NodeView): string {
  if (status.state === 'dead' && status.detail !== undefined) return theme.dim(status.detail);
  if (mongo === undefined) return '';
  if (mongo.role === 'router') return status.runs?.includes('course router') ? 'course router' : 'router';
  if (mongo.role === 'silent') return theme.pending('does not answer');
  if (mongo.role === 'uninitiated') return theme.pending('no set yet');
  return mongo.set === undefined ? mongo.role : `${mongo.role} of ${mongo.set}`;
}
