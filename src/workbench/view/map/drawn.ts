import type { NodeView } from '../../../lab/observe/snapshot.js';

/** A line of the map, and the services that are on it. */
export interface Drawn {
  readonly text: string;
  readonly nodes: readonly string[];
}

export function plain(text: string): Drawn {
  return { text, nodes: [] };
}

export function drawnNode(text: string, node: NodeView): Drawn {
  return { text, nodes: [node.service] };
}
