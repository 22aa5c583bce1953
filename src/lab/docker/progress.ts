import type { UpEvent } from '../runtime.js';
import { isOlder } from './detect.js';

/** One line of what compose reports while it works, in whatever of its forms. */
export interface ProgressLine {
  /** `Container msc-1234-shard1a-1`, `Image mongo:7.0`, a service's name, a layer's short digest. */
  readonly id: string;
  /** Everything it says of it: `Downloading [==> ] 1.2MB/3MB`, `Created`. */
  readonly words: string;
  /** Bytes of a layer, downloaded or extracted. */
  readonly current?: number | undefined;
  readonly total?: number | undefined;
}

/** Compose has JSON progress with byte counts since 2.29.2; before that, plain lines say the same. */
export function progressForm(composeVersion: string): 'json' | 'plain' {
  return isOlder(composeVersion, '2.30.0') ? 'plain' : 'json';
}

/** Reads a line of either form; undefined for anything else (warnings, the final error). */
export function readProgress(line: string): ProgressLine | undefined {
  return line.startsWith('{') ? readJson(line) : readPlain(line);
}

function readJson(line: string): ProgressLine | undefined {
  let event: Record<string, unknown>;
  try {
    event = JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
  if (typeof event.id !== 'string') return undefined;
  // Compose 2 says `Created` in `status` and `Downloading` in `text`; Compose 5 has `Working` and `Done` in `status`.
  const words = ['text', 'status', 'details']
    .map((key) => event[key])
    .filter((word) => typeof word === 'string');
  return { id: event.id, words: words.join(' '), ...bytes(event.current, event.total) };
}

const plainLine = /^ ((?:Container|Image|Network|Volume) \S+|\S+)\s+(.+?)\s*$/;

function readPlain(line: string): ProgressLine | undefined {
  const [, id, words] = plainLine.exec(line) ?? [];
  if (!id || !words) return undefined;
  const [, current, total] = /([\d.]+[kMGT]?B)\/([\d.]+[kMGT]?B)$/.exec(words) ?? [];
  return { id, words, ...bytes(current && parseSize(current), total && parseSize(total)) };
}

function bytes(current: unknown, total: unknown): Pick<ProgressLine, 'current' | 'total'> {
  return typeof current === 'number' && typeof total === 'number' && total > 0 ? { current, total } : {};
}

/** `80.32MB` as bytes; Docker counts in thousands. */
function parseSize(text: string): number {
  const [, number, unit] = /^([\d.]+)([kMGT]?)B$/.exec(text) ?? [];
  return Number(number) * 1000 ** ' kMGT'.indexOf(unit || ' ');
}

interface Layer {
  readonly phase: 'waiting' | 'downloading' | 'unpacking' | 'done';
  readonly downloaded: number;
  readonly unpacked: number;
  readonly total: number;
}

/**
 * Turns the lines of one image's pull into events, first of bytes downloaded, then of bytes unpacked. The total
 * is known layer by layer, so it grows at first.
 */
export function followPull(image: string): (line: ProgressLine) => UpEvent | undefined {
  const layers = new Map<string, Layer>();
  return (line) => {
    if (!/^[0-9a-f]{12}$/.test(line.id)) return undefined;
    layers.set(line.id, nextLayer(line, layers.get(line.id)));
    const all = [...layers.values()];
    const loading = all.some(({ phase }) => phase === 'waiting' || phase === 'downloading');
    return {
      kind: 'program',
      program: image,
      phase: loading ? 'downloading' : 'unpacking',
      received: sum(all.map(({ downloaded, unpacked }) => (loading ? downloaded : unpacked))),
      total: sum(all.map(({ total }) => total)),
    };
  };
}

const newLayer: Layer = { phase: 'waiting', downloaded: 0, unpacked: 0, total: 0 };

function nextLayer({ words, current = 0, total }: ProgressLine, before = newLayer): Layer {
  const size = total ?? before.total;
  if (/^(Pull complete|Already exists)/.test(words)) {
    return { phase: 'done', downloaded: size, unpacked: size, total: size };
  }
  if (/^(Download complete|Verifying|Extracting)/.test(words)) {
    const unpacked = words.startsWith('Extracting') ? current : before.unpacked;
    return { phase: 'unpacking', downloaded: size, unpacked, total: size };
  }
  if (/^Downloading/.test(words))
    return { ...before, phase: 'downloading', downloaded: current, total: size };
  return before;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((left, right) => left + right, 0);
}

type ServicePhase = Extract<UpEvent, { kind: 'service' }>['phase'];

const phases: readonly (readonly [RegExp, ServicePhase])[] = [
  [/\b(Running)\b/, 'unchanged'],
  [/\b(Stopping|Killing)\b/, 'stopping'],
  [/\b(Stopped|Killed|Removing|Removed)\b/, 'stopped'],
  [/\b(Creating|Created|Recreate|Recreated|Starting|Started)\b/, 'starting'],
];

/** What a line of `up` says of a service's container: its new phase, once each time it changes. */
export function followUp(
  project: string,
): (line: ProgressLine) => { service: string; phase: ServicePhase } | undefined {
  const last = new Map<string, ServicePhase>();
  return ({ id, words }) => {
    const service = serviceOf(id, project);
    const phase = phases.find(([pattern]) => pattern.test(words))?.[1];
    if (!service || !phase || last.get(service) === phase) return undefined;
    last.set(service, phase);
    return { service, phase };
  };
}

function serviceOf(id: string, project: string): string | undefined {
  const prefix = `Container ${project}-`;
  return id.startsWith(prefix) ? id.slice(prefix.length).replace(/-\d+$/, '') : undefined;
}
