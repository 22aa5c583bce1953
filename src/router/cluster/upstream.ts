/** Connections to one mongod: opened when needed, kept for the next request, one request at a time on each. */
import { connect, type Socket } from 'node:net';
import { decode, encode } from '../wire/document.js';
import type { Document } from '../wire/document-type.js';
import { NetworkError, ServerReplyError } from '../wire/errors.js';
import { createSplitter } from '../wire/splitter.js';
import { messageOf, replyBody } from '../wire/wire.js';

const connectTimeoutMs = 5_000;

/** A grip on a request under way. */
export interface Hold {
  /** Rejects the request with `error` and closes its connection, which ends it on the server too. Undefined until it is sent. */
  cancel: ((error: Error) => void) | undefined;
}

export interface Upstream {
  /** `host:port` */
  readonly address: string;
  /**
   * Sends one OP_MSG (in pieces; its request id is set here) and returns the whole reply message.
   * @throws NetworkError; `sent` is false if the server surely has not seen the message; what `hold` is cancelled with
   */
  request(pieces: readonly Buffer[], timeoutMs?: number, hold?: Hold): Promise<Buffer>;
  /** Sends a command of the router's own. @throws NetworkError, ServerReplyError (the reply has `ok: 0`) */
  run(database: string, command: Document, timeoutMs?: number): Promise<Document>;
  /** Fails what is under way and closes every connection; the upstream can be used again afterwards. */
  reset(why: string): void;
}

interface Connection {
  readonly socket: Socket;
  request(pieces: readonly Buffer[], timeoutMs: number | undefined, hold: Hold | undefined): Promise<Buffer>;
}

let lastRequestId = 0;

function openConnection(address: string, onClose: (connection: Connection) => void): Promise<Connection> {
  const colon = address.lastIndexOf(':');
  const socket = connect({
    host: address.slice(0, colon),
    port: Number(address.slice(colon + 1)),
    noDelay: true,
  });
  const splitter = createSplitter();
  let waiting: { resolve(reply: Buffer): void; reject(error: Error): void; id: number } | undefined;
  let failure = 'connection closed';
  let timedOut = false;
  let timer: NodeJS.Timeout | undefined;

  const settle = () => {
    const settled = waiting;
    waiting = undefined;
    clearTimeout(timer);
    return settled;
  };

  const giveUp = (why: string) => {
    timedOut = true;
    socket.destroy(new Error(why));
  };

  const connection: Connection = {
    socket,
    request: (pieces, timeoutMs, hold) =>
      new Promise((resolve, reject) => {
        if (socket.destroyed) return reject(new NetworkError(address, failure, false));
        lastRequestId = (lastRequestId + 1) & 0x7fffffff;
        const id = lastRequestId;
        (pieces[0] as Buffer).writeInt32LE(id, 4);
        waiting = { resolve, reject, id };
        if (timeoutMs !== undefined) {
          timer = setTimeout(() => giveUp(`no answer in ${timeoutMs} ms`), timeoutMs);
        }
        if (hold) {
          hold.cancel = (error) => {
            // The connection may have gone on to the next request.
            if (waiting?.id !== id) return;
            settle();
            reject(error);
            socket.destroy();
          };
        }
        if (pieces.length > 1) socket.cork();
        for (const piece of pieces) socket.write(piece);
        if (pieces.length > 1) socket.uncork();
      }),
  };

  socket.on('data', (chunk: Buffer) => {
    splitter.push(chunk);
    try {
      const reply = splitter.next();
      if (!reply) return;
      if (reply.readInt32LE(8) !== waiting?.id) socket.destroy(new Error('answer to another request'));
      else settle()?.resolve(reply);
    } catch (error) {
      socket.destroy(error as Error);
    }
  });

  return new Promise((resolve, reject) => {
    const connectTimer = setTimeout(
      () => giveUp(`not connected in ${connectTimeoutMs} ms`),
      connectTimeoutMs,
    );
    socket.on('connect', () => {
      clearTimeout(connectTimer);
      resolve(connection);
    });
    socket.on('error', (error) => {
      failure = error.message;
    });
    socket.on('close', () => {
      clearTimeout(connectTimer);
      reject(new NetworkError(address, failure, false, timedOut));
      settle()?.reject(new NetworkError(address, failure, true, timedOut));
      onClose(connection);
    });
  });
}

export function createUpstream(address: string): Upstream {
  const open = new Set<Connection>();
  const idle: Connection[] = [];

  const onClose = (connection: Connection) => {
    open.delete(connection);
    const at = idle.indexOf(connection);
    if (at >= 0) idle.splice(at, 1);
  };

  const take = async (): Promise<Connection> => {
    const kept = idle.pop();
    if (kept) return kept;
    const connection = await openConnection(address, onClose);
    open.add(connection);
    return connection;
  };

  const upstream: Upstream = {
    address,
    async request(pieces, timeoutMs, hold) {
      const connection = await take();
      const reply = await connection.request(pieces, timeoutMs, hold);
      if (!connection.socket.destroyed) idle.push(connection);
      return reply;
    },
    async run(database, command, timeoutMs) {
      const reply = await upstream.request([messageOf(encode({ ...command, $db: database }))], timeoutMs);
      const document = decode(replyBody(reply));
      if (document.ok !== 1) throw new ServerReplyError(document);
      return document;
    },
    reset(why) {
      for (const connection of open) connection.socket.destroy(new Error(why));
    },
  };
  return upstream;
}
