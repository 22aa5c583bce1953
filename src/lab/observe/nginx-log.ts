import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Stack } from '../compose/service.js';
import type { EdgeRequest, EdgeView } from './snapshot.js';

/** Of so many requests, the newest, an edge is told. */
const most = 100;
/** Bytes that hold them with room to spare. */
const tail = 16 * 1024;
/** Where an edge's log lies beside its configuration, as containers know it. */
const folder = '/workspace/edge';

/** What the edges of a stack did lately, from their logs: they keep no figures, and lines cost nothing at rest. */
export interface EdgeLogs {
  of(stack: Stack): ReadonlyMap<string, EdgeView>;
}

export function openEdgeLogs(): EdgeLogs {
  const seen = new Map<string, { version: string; view: EdgeView }>();
  const read = (path: string): EdgeView => {
    const stat = statSync(path, { throwIfNoEntry: false });
    const version = stat ? `${stat.ino}/${stat.size}/${stat.mtimeMs}` : '';
    const known = seen.get(path);
    if (known?.version === version) return known.view;
    const view = { recent: stat ? parseEdgeLog(lastBytes(path, stat.size)) : [] };
    seen.set(path, { version, view });
    return view;
  };
  return {
    of({ services }) {
      const edges = services.filter(({ program }) => program === 'nginx');
      return new Map(
        edges.flatMap(({ name, mounts }): [string, EdgeView][] => {
          const mount = mounts.find(({ target }) => target === folder);
          return mount?.kind === 'bind' ? [[name, read(join(mount.source, 'access.log'))]] : [];
        }),
      );
    },
  };
}

/** The last requests, the oldest first. A line is `1763668800.123 HIT 200 eu /static/logo.svg`; `-` is nothing to say. */
export function parseEdgeLog(text: string): readonly EdgeRequest[] {
  return text
    .split('\n')
    .flatMap((line): EdgeRequest[] => {
      const [, at, cache, status, region, uri] = /^(\d+\.\d+) (\S+) (\d+) (\S+) (\S+)$/.exec(line) ?? [];
      if (at === undefined || cache === undefined || uri === undefined) return [];
      return [
        {
          at: Math.round(Number(at) * 1000),
          uri,
          status: Number(status),
          ...(cache === '-' ? {} : { cache }),
          ...(region === '-' || region === undefined ? {} : { region }),
        },
      ];
    })
    .slice(-most);
}

function lastBytes(path: string, size: number): string {
  const length = Math.min(size, tail);
  const bytes = Buffer.alloc(length);
  const file = openSync(path, 'r');
  try {
    readSync(file, bytes, 0, length, size - length);
  } finally {
    closeSync(file);
  }
  // The first line may be cut.
  return bytes.toString('utf8').replace(length < size ? /^[^\n]*\n/ : /^/, '');
}
