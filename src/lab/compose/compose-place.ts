import { type Document, isAlias, isMap, isPair, isScalar, isSeq, type Node, type Pair } from 'yaml';

/** Keys and indexes from the top of a compose file down to one value: `['services', 'shard1a', 'ports', 0]`. */
export type KeyPath = readonly (string | number)[];

/** Where in the text the last key of `path` that exists is, looking through aliases and merged maps. */
export function offsetOf(document: Document, path: KeyPath): number {
  let at = 0;
  let node: unknown = document.contents;
  for (const key of path) {
    const found = step(resolved(node, document), key, document);
    if (!found) break;
    at = found.offset;
    node = found.value;
  }
  return at;
}

/** The key that a position of the text belongs to: of the maps and lists around it, the innermost. */
export function keyAt(document: Document, offset: number): KeyPath {
  const path: (string | number)[] = [];
  let node: unknown = document.contents;
  for (;;) {
    const [key, value] = childAt(node, offset) ?? [];
    if (key === undefined) return path;
    path.push(key);
    node = value;
  }
}

/** Whether a pair takes over the keys of other maps: `<<: *mongo`. */
export function isMerge({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.source === '<<';
}

/** A key as it is written. */
export function keyName({ key }: Pair): string | undefined {
  if (!isScalar(key)) return undefined;
  return key.source ?? (key.value === null ? '' : String(key.value));
}

/** What an alias stands for; any other node as it is. Undefined where there is no such anchor above it. */
export function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function step(
  node: unknown,
  key: string | number,
  document: Document,
): { offset: number; value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(key)] as Node | undefined;
    return value ? { offset: value.range?.[0] ?? 0, value } : undefined;
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (keyName(pair) === String(key)) {
      return { offset: (pair.key as Node).range?.[0] ?? 0, value: pair.value };
    }
  }
  const merged = resolved(node.items.find(isMerge)?.value, document);
  for (const source of isSeq(merged) ? merged.items : [merged]) {
    const found = step(resolved(source, document), key, document);
    if (found) return found;
  }
  return undefined;
}

function childAt(node: unknown, offset: number): readonly [string | number, unknown] | undefined {
  if (isSeq(node)) {
    const index = node.items.findLastIndex((item) => startOf(item) <= offset);
    return index < 0 || isPair(node.items[index]) ? undefined : [index, node.items[index]];
  }
  if (!isMap(node)) return undefined;
  const pair = node.items.findLast(({ key }) => startOf(key) <= offset);
  const name = pair && keyName(pair);
  return name === undefined ? undefined : [name, pair?.value];
}

function startOf(node: unknown): number {
  return (node as Node | null)?.range?.[0] ?? Number.POSITIVE_INFINITY;
}
