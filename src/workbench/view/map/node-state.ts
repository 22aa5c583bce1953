import type { EdgeView, GatewayView, NodeView, RedisView, ShopView } from '../../../lab/observe/snapshot.js';
import { upstreamsOf } from '../../../lab/observe/traefik-rawdata.js';
import type { Theme } from '../../theme.js';
import { theme } from '../../theme.js';
import { serviceMarks } from '../glyphs.js';

/** How a node is: a glyph of one cell, told apart without its colour, and a few words. */
export interface NodeState {
  readonly glyph: string;
  readonly words: string;
  /** Fewer words, for where the glyph says the rest. */
  readonly short?: string;
  readonly style: Theme[keyof Theme];
}

/** What a node's process, its server and its set say of it, the worst first. */
export function nodeState({ status, mongo, redis, gateway, edge, shop, member }: NodeView): NodeState {
  const mark = serviceMarks[status.state];
  if (status.state !== 'running') return { glyph: mark.glyph, words: mark.word, style: mark.style };
  if (status.detail !== undefined) return { glyph: '╳', words: status.detail, style: theme.wrong };
  if (redis !== undefined) return redisState(redis);
  if (gateway !== undefined) return gatewayState(gateway);
  if (edge !== undefined) return edgeState(edge);
  if (shop !== undefined) return shopState(shop);
  switch (mongo?.role) {
    case undefined:
      return { glyph: mark.glyph, words: mark.word, style: mark.style };
    case 'silent':
      return { glyph: '?', words: 'silent', style: theme.pending };
    case 'uninitiated':
      return { glyph: '○', words: 'no set yet', style: theme.pending };
    case 'recovering':
      return { glyph: '◐', words: recoveringWords(member?.state), style: theme.pending };
    case 'router':
      return {
        glyph: '●',
        words: status.runs?.includes('course router') ? 'course router' : 'router',
        style: theme.pass,
      };
    case 'standalone':
      return { glyph: '●', words: 'standalone', style: theme.pass };
    case 'arbiter':
      return { glyph: '△', words: 'arbiter', style: theme.pass };
    case 'primary':
      return { glyph: '◆', words: 'primary', style: theme.pass };
    case 'secondary':
      // Its own process answers us, and its set does not hear from it.
      if (member?.healthy === false) return { glyph: '╳', words: 'cut off', style: theme.wrong };
      return mongo.lag === undefined
        ? { glyph: '◇', words: 'secondary', style: theme.pass }
        : {
            glyph: '◇',
            words: `secondary, ${mongo.lag} s behind`,
            short: `${mongo.lag} s behind`,
            style: theme.pending,
          };
  }
}

/** A gateway is told by how many of those it sends customers to are up. */
function gatewayState({ silent, routers, services }: GatewayView): NodeState {
  if (silent) return { glyph: '?', words: 'silent', style: theme.pending };
  const servers = upstreamsOf({ routers, services });
  const up = servers.filter((server) => server.up).length;
  if (servers.length === 0) return { glyph: '○', words: 'no upstream', style: theme.wrong };
  const words =
    up === servers.length ? `${up} upstream${up === 1 ? '' : 's'}` : `${up} of ${servers.length} up`;
  return {
    glyph: '●',
    words,
    style: up === servers.length ? theme.pass : up > 0 ? theme.pending : theme.wrong,
  };
}

/** How many of its last requests an edge answered by itself. */
function edgeState({ recent }: EdgeView): NodeState {
  const cached = recent.filter(({ cache }) => cache !== undefined);
  if (cached.length === 0) return { glyph: '●', words: 'running', style: theme.pass };
  const own = cached.filter(
    ({ cache }) => cache === 'HIT' || cache === 'STALE' || cache === 'UPDATING',
  ).length;
  return { glyph: '●', words: `${Math.round((100 * own) / cached.length)} % hits`, style: theme.pass };
}

/** A cache is told by how often it helps, a node of a Redis Cluster by the part of the keys that it serves. */
function redisState({ role, slots, of, linked, hitRate, keys = 0 }: RedisView): NodeState {
  switch (role) {
    case 'silent':
      return { glyph: '?', words: 'silent', style: theme.pending };
    case 'unjoined':
      return { glyph: '○', words: 'no cluster yet', style: theme.pending };
    case 'single':
      return {
        glyph: '●',
        words: hitRate === undefined ? `${keys} keys` : `${hitRate} % hits`,
        style: theme.pass,
      };
    case 'master':
      return slots
        ? { glyph: '◆', words: `${slots} slots`, style: theme.pass }
        : { glyph: '◆', words: 'no slots', style: theme.pending };
    case 'replica':
      return linked
        ? { glyph: '◇', words: `of ${of ?? '?'}`, style: theme.pass }
        : { glyph: '◇', words: `cut off ${of ?? '?'}`, short: 'cut off', style: theme.pending };
  }
}

function shopState({ status }: ShopView): NodeState {
  switch (status) {
    case 'serving':
      return { glyph: '●', words: 'serving', style: theme.pass };
    case 'empty':
      return { glyph: '○', words: 'no products', style: theme.pending };
    case 'away':
      return { glyph: '╳', words: 'no data: 503', short: '503', style: theme.wrong };
    case 'silent':
      return { glyph: '?', words: 'silent', style: theme.pending };
  }
}

/** MongoDB's words for a member that is neither primary nor secondary (manual: Replica Set Member States). */
function recoveringWords(state: string | undefined): string {
  if (state === 'STARTUP2') return 'initial sync';
  if (state === 'ROLLBACK' || state === 'REMOVED' || state === 'STARTUP') return state.toLowerCase();
  return 'recovering';
}
