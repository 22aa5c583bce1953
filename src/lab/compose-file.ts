import { relative } from 'node:path';
import { isAlias, isMap, isPair, isScalar, isSeq, LineCounter, type Node, parseDocument } from 'yaml';
import { packageRoot } from '../package.js';
import { Problem } from '../problem.js';

/** Keys and indexes from the top of a compose file down to one value: `['services', 'shard1a', 'ports', 0]`. */
export type KeyPath = readonly (string | number)[];

/** Something a runtime cannot honour, and where in the file it stands. */
export interface Fault {
  readonly path: KeyPath;
  readonly message: string;
}

/** A compose file: its values with anchors, merges and variables resolved, and where each of them stands. */
export interface ComposeFile {
  /** As shown to people: relative to the package where it lies in it. */
  readonly label: string;
  readonly content: unknown;
  /** Where a value stands: `compose/sharding.yaml:12: services.config1.volumes.0`. */
  place(path: KeyPath): string;
  /** The `compose-invalid` problem that names file, line and key of each fault. */
  problem(faults: readonly Fault[]): Problem;
}

/**
 * Parses a compose file. `${VAR}`, `${VAR:-default}`, `${VAR-default}`, `$VAR` and `$$` are filled in from `env`,
 * as the Compose specification says ("Interpolation"); a variable that is not set and has no default is ''.
 * Throws `compose-invalid` for what is no YAML and for other forms of `${…}`.
 */
export function parseCompose(path: string, text: string, env: NodeJS.ProcessEnv): ComposeFile {
  const inPackage = relative(packageRoot, path);
  const label = inPackage.startsWith('..') ? path : inPackage;
  const lines = new LineCounter();
  const document = parseDocument(text, { merge: true, lineCounter: lines });
  const broken = document.errors[0];
  if (broken) {
    const line = lines.linePos(broken.pos[0]).line;
    throw invalid([`${label}:${line}: ${broken.message.split('\n')[0]}`]);
  }
  const place = (path: KeyPath): string => {
    const { line } = lines.linePos(offsetOf(document.contents, path));
    return `${label}:${line}: ${path.join('.')}`;
  };
  const problem = (faults: readonly Fault[]): Problem =>
    invalid(faults.map(({ path, message }) => `${place(path)}: ${message}`));
  const faults: Fault[] = [];
  const content = interpolate(document.toJS(), [], env, faults);
  if (faults.length > 0) throw problem(faults);
  return { label, content, place, problem };

  function invalid(messages: readonly string[]): Problem {
    return new Problem('compose-invalid', messages.join('\n'), {
      remedy: `Correct ${label}; the course runs only what both runtimes can honour.`,
    });
  }
}

/** Where in the text the last key of `path` that exists stands, looking through aliases and merged maps. */
function offsetOf(top: unknown, path: KeyPath): number {
  let at = 0;
  let node: unknown = top;
  for (const key of path) {
    const found = step(resolve(node, top), key, top);
    if (!found) break;
    at = found.offset;
    node = found.value;
  }
  return at;
}

function step(
  node: unknown,
  key: string | number,
  top: unknown,
): { offset: number; value: unknown } | undefined {
  if (isSeq(node)) {
    const value = node.items[Number(key)] as Node | undefined;
    return value ? { offset: value.range?.[0] ?? 0, value } : undefined;
  }
  if (!isMap(node)) return undefined;
  for (const pair of node.items) {
    if (isPair(pair) && isScalar(pair.key) && String(pair.key.value) === String(key)) {
      return { offset: pair.key.range?.[0] ?? 0, value: pair.value };
    }
  }
  const merged = node.items.find((pair) => isScalar(pair.key) && pair.key.source === '<<')?.value;
  for (const source of isSeq(merged) ? merged.items : [merged]) {
    const found = step(resolve(source, top), key, top);
    if (found) return found;
  }
  return undefined;
}

function resolve(node: unknown, top: unknown): unknown {
  if (!isAlias(node)) return node;
  return anchored(top, node.source);
}

function anchored(node: unknown, anchor: string): unknown {
  if ((isMap(node) || isSeq(node)) && node.anchor === anchor) return node;
  const children = isMap(node) ? node.items.map((pair) => pair.value) : isSeq(node) ? node.items : [];
  for (const child of children) {
    const found = anchored(child, anchor);
    if (found) return found;
  }
  return undefined;
}

const variable = /\$(?:(\$)|(\w+)|\{(\w+)(?:(:?-)([^}]*))?\}|(\{[^}]*\}?))/g;

function interpolate(value: unknown, path: KeyPath, env: NodeJS.ProcessEnv, faults: Fault[]): unknown {
  if (Array.isArray(value))
    return value.map((item, index) => interpolate(item, [...path, index], env, faults));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [key, interpolate(item, [...path, key], env, faults)]),
    );
  }
  if (typeof value !== 'string') return value;
  return value.replaceAll(variable, (_, dollar, plain, braced, operator, fallback, unsupported) => {
    if (dollar) return '$';
    if (unsupported !== undefined) {
      faults.push({ path, message: `$${unsupported}: only \${VAR} and \${VAR:-default} are known here` });
      return '';
    }
    const set = env[plain ?? braced];
    if (operator === ':-' ? !set : set === undefined) return fallback ?? '';
    return set ?? '';
  });
}
