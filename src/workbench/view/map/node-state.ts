import type { NodeView, RedisView } from '../../../lab/snapshot.js';
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
export function nodeState({ status, mongo, redis, member }: NodeView): NodeState {
  const mark = serviceMarks[status.state];
  if (status.state !== 'running') return { glyph: mark.glyph, words: mark.word, style: mark.style };
  if (status.detail !== undefined) return { glyph: '╳', words: status.detail, style: theme.wrong };
  if (redis !== undefined) return redisState(redis);
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

/** MongoDB's words for a member that is neither primary nor secondary (manual: Replica Set Member States). */
function recoveringWords(state: string | undefined): string {
  if (state === 'STARTUP2') return 'initial sync';
  if (state === 'ROLLBACK' || state === 'REMOVED' || state === 'STARTUP') return state.toLowerCase();
  return 'recovering';
}
