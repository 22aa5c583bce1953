import type { NodeView } from '../../../lab/snapshot.js';
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
export function nodeState({ status, mongo, member }: NodeView): NodeState {
  const mark = serviceMarks[status.state];
  if (status.state !== 'running') return { glyph: mark.glyph, words: mark.word, style: mark.style };
  if (status.detail !== undefined) return { glyph: '╳', words: status.detail, style: theme.wrong };
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

/** MongoDB's words for a member that is neither primary nor secondary (manual: Replica Set Member States). */
function recoveringWords(state: string | undefined): string {
  if (state === 'STARTUP2') return 'initial sync';
  if (state === 'ROLLBACK' || state === 'REMOVED' || state === 'STARTUP') return state.toLowerCase();
  return 'recovering';
}
