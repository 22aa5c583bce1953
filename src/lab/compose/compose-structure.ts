import { type Alias, type Document, isAlias, isMap, isNode, isSeq, type Node, type Pair, visit } from 'yaml';
import { isMerge, type KeyPath, keyName, resolved } from './compose-place.js';

/** Something in the text that YAML allows and no compose file has, or that has no value. */
export interface StructureFault {
  readonly offset: number;
  readonly path: KeyPath;
  readonly message: string;
}

/** Maps and lists inside one another. A compose file needs six. */
const deepest = 50;

/** The tags that say what a value is anyway. */
const plainTags = new Set(
  ['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map((type) => `tag:yaml.org,2002:${type}`),
);

/**
 * Finds what the YAML library would throw at, warn of or turn into something else when it makes values: an alias
 * without its anchor, one inside of what it stands for, a merge of something that is not a map, a key that is not a
 * word, a tag.
 */
export function structureFaults(document: Document): readonly StructureFault[] {
  const faults: StructureFault[] = [];

  const look = (node: unknown, path: KeyPath, around: readonly Node[]): void => {
    if (!isNode(node)) return;
    const message = nodeFault(node, around, document);
    if (message !== undefined) {
      faults.push({ offset: node.range?.[0] ?? 0, path, message });
      return;
    }
    const within = [...around, node];
    if (isSeq(node)) for (const [index, item] of node.items.entries()) look(item, [...path, index], within);
    if (isMap(node)) for (const pair of node.items) lookAtPair(pair, path, within);
  };

  const lookAtPair = (pair: Pair, path: KeyPath, around: readonly Node[]): void => {
    const offset = (pair.key as Node | null)?.range?.[0] ?? around.at(-1)?.range?.[0] ?? 0;
    const name = keyName(pair);
    if (!name) {
      faults.push({ offset, path, message: 'a key has to be one word, as in "image: mongo:7.0"' });
      return;
    }
    const at = [...path, name];
    const before = faults.length;
    look(pair.value, at, around);
    if (!isMerge(pair) || faults.length > before) return;
    const message = mergeFault(pair, document);
    if (message !== undefined) faults.push({ offset, path: [...path, '<<'], message });
  };

  look(document.contents, [], []);
  return faults;
}

function nodeFault(node: Node, around: readonly Node[], document: Document): string | undefined {
  if (around.length > deepest) return `more than ${deepest} levels inside one another`;
  if (isAlias(node)) return aliasFault(node, around, document);
  if (node.tag === undefined || plainTags.has(node.tag)) return undefined;
  return `the tag ${node.tag.replace(/^tag:yaml\.org,2002:/, '!!')} is not supported: write the value without it`;
}

function aliasFault(alias: Alias, around: readonly Node[], document: Document): string | undefined {
  const target = resolved(alias, document);
  if (target === undefined) {
    const known = anchorsBefore(alias, document).map((anchor) => `*${anchor}`);
    const choice = known.length === 0 ? 'There is none' : `Known here: ${known.join(', ')}`;
    return `unknown alias *${alias.source}: no anchor &${alias.source} is defined above this line. ${choice}`;
  }
  if (around.includes(target as Node)) {
    return `alias *${alias.source} refers to the value that contains it, which would never end`;
  }
  return undefined;
}

function mergeFault({ value }: Pair, document: Document): string | undefined {
  const source = resolved(value, document);
  const sources = isSeq(source) ? source.items.map((item) => resolved(item, document)) : [source];
  if (sources.every(isMap)) return undefined;
  return '"<<" takes over the keys of a map, as in "<<: *mongo"; what is written here is not a map';
}

function anchorsBefore(alias: Alias, document: Document): readonly string[] {
  const anchors: string[] = [];
  visit(document, {
    Node: (_, node) => {
      if (node === alias) return visit.BREAK;
      if (!isAlias(node) && node.anchor !== undefined) anchors.push(node.anchor);
      return undefined;
    },
  });
  return [...new Set(anchors)];
}
