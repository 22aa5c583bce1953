import { isAbsolute, relative } from 'node:path';
import { packageRoot } from '../../package.js';
import { Problem } from '../../problem.js';
import type { KeyPath } from './compose-place.js';
import { readYaml } from './compose-yaml.js';

export type { KeyPath } from './compose-place.js';

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
 * Throws `compose-invalid` for whatever has no values as YAML and for other forms of `${…}`.
 */
export function parseCompose(path: string, text: string, env: NodeJS.ProcessEnv): ComposeFile {
  const label = labelOf(path);
  const yaml = readYaml(text);
  if ('faults' in yaml) {
    throw invalid(yaml.faults.map(({ line, path, message }) => `${placed(line, path)}: ${message}`));
  }
  const place = (path: KeyPath): string => placed(yaml.lineOf(path), path);
  const problem = (faults: readonly Fault[]): Problem =>
    invalid(faults.map(({ path, message }) => `${place(path)}: ${message}`));
  const faults: Fault[] = [];
  const content = interpolate(yaml.content, [], env, faults);
  if (faults.length > 0) throw problem(faults);
  return { label, content, place, problem };

  function placed(line: number, path: KeyPath): string {
    const keys = path.map(shown).filter((key) => key !== '');
    return keys.length === 0 ? `${label}:${line}` : `${label}:${line}: ${keys.join('.')}`;
  }

  function invalid(messages: readonly string[]): Problem {
    return new Problem('compose-invalid', messages.join('\n'), {
      remedy: `Correct ${label}; the course runs only what both runtimes can honour.`,
    });
  }
}

const longestKey = 40;

/** A key that fits in a message: one that is a mistake can go over lines. */
function shown(key: string | number): string {
  const line = String(key).replace(/\s+/g, ' ');
  return line.length > longestKey ? `${line.slice(0, longestKey)}…` : line;
}

/** As shown to people: relative to the package where it is a file of that. */
function labelOf(path: string): string {
  if (!isAbsolute(path)) return path;
  const inPackage = relative(packageRoot, path);
  return inPackage.startsWith('..') || isAbsolute(inPackage) ? path : inPackage;
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
