/** Which server owns a cursor: a getMore must reach the mongod that opened it, under the name it was opened with. */
import { findElement, Type } from '../wire/document.js';
import { replyBody } from '../wire/wire.js';

export interface Cursor {
  readonly address: string;
  /** `clusterGetMore` for a cursor over shards, `getMore` for one of that server's own. */
  readonly getMore: 'clusterGetMore' | 'getMore';
  readonly collection: string;
  readonly database: string;
  /** The session's element (`lsid`) that it was opened with, if any: a mongod continues it for no other. */
  readonly session: Buffer | undefined;
}

export interface Cursors {
  add(id: string, cursor: Cursor): void;
  /** The cursor and, by being asked for, a new lease of life. */
  find(id: string): Cursor | undefined;
  remove(id: string): void;
  readonly size: number;
}

/** mongod closes an idle cursor after 10 minutes (`cursorTimeoutMillis`); what is kept longer is kept for nothing. */
const idleMs = 15 * 60_000;

export function createCursors(now: () => number = Date.now): Cursors {
  // In order of use: a Map keeps the order of insertion, and each use inserts anew.
  const cursors = new Map<string, { cursor: Cursor; used: number }>();

  const dropIdle = () => {
    for (const [id, { used }] of cursors) {
      if (now() - used < idleMs) break;
      cursors.delete(id);
    }
  };

  return {
    add(id, cursor) {
      dropIdle();
      cursors.delete(id);
      cursors.set(id, { cursor, used: now() });
    },
    find(id) {
      const entry = cursors.get(id);
      if (!entry) return undefined;
      cursors.delete(id);
      cursors.set(id, { cursor: entry.cursor, used: now() });
      return entry.cursor;
    },
    remove(id) {
      cursors.delete(id);
    },
    get size() {
      return cursors.size;
    },
  };
}

const noId = '\0'.repeat(8);

/** The cursor that a reply leaves open, or undefined: its id's eight bytes as a latin1 string, and the collection it reads. */
export function openCursor(reply: Buffer): { id: string; collection: string } | undefined {
  const body = replyBody(reply);
  const cursor = findElement(body, 'cursor');
  if (cursor?.type !== Type.document) return undefined;
  const id = findElement(body, 'id', cursor.value);
  if (id?.type !== Type.int64) return undefined;
  const key = body.toString('latin1', id.value, id.end);
  if (key === noId) return undefined;
  // A view's cursor reads the collection under the view: the reply knows which, the request does not.
  const ns = findElement(body, 'ns', cursor.value);
  const namespace = ns?.type === Type.string ? body.toString('utf8', ns.value + 4, ns.end - 1) : '';
  return { id: key, collection: namespace.slice(namespace.indexOf('.') + 1) };
}
