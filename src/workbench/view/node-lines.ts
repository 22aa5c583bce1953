import type { EdgeView, GatewayView, NodeView, RedisView, Snapshot } from '../../lab/observe/snapshot.js';
import { upstreamsOf } from '../../lab/observe/traefik-rawdata.js';
import { cut, fit } from '../text/columns.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { clock, logLine } from './log-line.js';
import { byteText } from './map/data-bar.js';
import { nodeState } from './map/node-state.js';

interface NodeLinesOptions {
  readonly node: NodeView;
  readonly snapshot: Snapshot;
  /** The service that the first open check is about. */
  readonly wanted: string | undefined;
  /** As they were written, the newest last. */
  readonly log: readonly string[];
  readonly width: number;
  readonly height: number;
}

const labelWidth = 'address '.length;

/** All that is known of a node, then as much of its log's end as there is room for. */
export function nodeLines({
  node,
  snapshot,
  wanted,
  log,
  width,
  height,
}: NodeLinesOptions): readonly string[] {
  const rows = factsOf(node, snapshot, wanted).flatMap(([label, text]) =>
    wrapText(text, width - labelWidth - 1).map(
      (line, index) => `${theme.dim(fit(index === 0 ? label : '', labelWidth))} ${line}`,
    ),
  );
  const room = height - rows.length - 2;
  const newest = room > 0 ? log.slice(-room) : [];
  const written =
    newest.length > 0
      ? newest.map((line) => cut(logLine(line), width))
      : [theme.dim('Nothing was written yet.')];
  return [...rows, '', theme.heading('Log, as it comes'), ...written].slice(0, height);
}

type Fact = readonly [label: string, text: string];

function factsOf(node: NodeView, snapshot: Snapshot, wanted: string | undefined): readonly Fact[] {
  const { status, mongo, redis, gateway, edge, data } = node;
  const state = nodeState(node);
  const detail = status.detail === undefined || status.detail === state.words ? '' : `: ${status.detail}`;
  const set = mongo?.set === undefined ? '' : ` of ${mongo.set}`;
  const facts: (Fact | undefined)[] = [
    ['state', `${state.style(`${state.glyph} ${state.words}`)}${set}${detail}`],
    ['address', status.address],
    ['runs', runsText(node)],
    setFact(node, snapshot),
    status.leftOut === undefined ? undefined : ['why', status.leftOut],
    redis && redisFact(redis),
    gateway && gatewayFact(gateway),
    edge && edgeFact(edge),
    node.tier === 'shop' ? ['page', `http://${status.address}/docs, in a browser`] : undefined,
    data && ['data', `${data.documents.toLocaleString('en')} documents, ${byteText(data.bytes)}`],
    node.service === wanted
      ? ['check', theme.pending('◂ the first open check is about this node')]
      : undefined,
  ];
  return facts.filter((fact) => fact !== undefined);
}

/** `mongod 6.0.5, process 4711 since 14:03:59` */
function runsText({ status }: NodeView): string {
  const since = status.since === undefined ? '' : ` since ${clock(status.since)}`;
  const pid = status.pid === undefined ? '' : `, process ${status.pid}${since}`;
  return `${status.runs ?? status.program}${pid}`;
}

/** `1,204 keys, 95 % of reads found theirs; a cluster of 6 nodes` */
function redisFact({ keys, hitRate, nodes = 0 }: RedisView): Fact | undefined {
  if (keys === undefined) return undefined;
  const hits = hitRate === undefined ? '' : `, ${hitRate} % of reads found theirs`;
  const cluster = nodes > 1 ? `; it knows a cluster of ${nodes} nodes` : '';
  return ['keys', `${keys.toLocaleString('en')} keys${hits}${cluster}`];
}

/** `to ● shop1  ✗ shop2 (its health check fails)` */
function gatewayFact(gateway: GatewayView): Fact | undefined {
  const servers = upstreamsOf(gateway).map(({ url, service, up }) => {
    const name = service ?? `${url} (no service of this lab)`;
    return up ? theme.pass(`● ${name}`) : `${theme.wrong(`✗ ${name}`)} (its health check fails)`;
  });
  return gateway.silent ? undefined : ['sends', `to ${servers.length > 0 ? servers.join('  ') : 'nobody'}`];
}

/** `of its last 40 requests: 31 HIT, 8 MISS, 1 STALE` */
function edgeFact({ recent }: EdgeView): Fact | undefined {
  const counts = new Map<string, number>();
  for (const { cache = 'not cached' } of recent) counts.set(cache, (counts.get(cache) ?? 0) + 1);
  const words = [...counts].map(([cache, count]) => `${count} ${cache}`).join(', ');
  return recent.length === 0 ? undefined : ['lately', `of its last ${recent.length} requests: ${words}`];
}

/** The set it was started for, and how its other members are. */
function setFact(node: NodeView, snapshot: Snapshot): Fact | undefined {
  if (node.startedFor === undefined) return undefined;
  const others = snapshot.nodes.filter(
    (other) => other.startedFor === node.startedFor && other.service !== node.service,
  );
  const members = others.map((other) => {
    const { glyph, words, style } = nodeState(other);
    return `${style(glyph)} ${other.service} ${words}`;
  });
  const seen =
    node.member === undefined || node.member.healthy ? '' : `, whose heartbeats it does not answer`;
  return ['set', [`${node.startedFor}${seen}`, ...members].join('  ')];
}
