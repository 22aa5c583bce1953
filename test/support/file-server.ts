import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What a file server was asked for, and what it sent. */
export interface Served {
  readonly path: string;
  readonly range: string | undefined;
  /** Bytes of content written so far. */
  sent: number;
}

export interface FileServer {
  readonly url: string;
  readonly served: Served[];
  /** From now on: milliseconds between two pieces of 64 KiB. */
  slowness: number;
  /** Breaks the connection of the next answer after so many bytes. */
  breakAfter: number | undefined;
  close(): Promise<void>;
}

/** A real HTTP server on 127.0.0.1 for files in memory, with ranges, that counts what it sends and may be slow. */
export async function serveFiles(files: Readonly<Record<string, Buffer>>): Promise<FileServer> {
  const http = createServer(
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const server: FileServer = {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    served: [],
    slowness: 0,
    breakAfter: undefined,
    close: () => {
      http.closeAllConnections();
      return new Promise((resolve) => http.close(() => resolve()));
    },
  };
  return server;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url ?? '';
    const file = files[path];
    const range = request.headers.range;
    const served: Served = { path, range, sent: 0 };
    server.served.push(served);
    if (!file) {
      response.writeHead(404).end();
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (from >= file.length && from > 0) {
      response.writeHead(416, { 'content-range': `bytes */${file.length}` }).end();
      return;
    }
    const type = path.endsWith('/') ? 'text/html' : 'application/octet-stream';
    const head = { 'content-type': type, 'content-length': file.length - from };
    if (range)
      response.writeHead(206, {
        ...head,
        'content-range': `bytes ${from}-${file.length - 1}/${file.length}`,
      });
    else response.writeHead(200, head);
    await send(file.subarray(from), served, response);
  }

  async function send(content: Buffer, served: Served, response: ServerResponse): Promise<void> {
    const breakAfter = server.breakAfter;
    if (served.path.endsWith('.whl')) server.breakAfter = undefined;
    for (let at = 0; at < content.length && !response.destroyed; at += 65_536) {
      if (served.path.endsWith('.whl') && breakAfter !== undefined && at >= breakAfter) {
        response.destroy();
        return;
      }
      const piece = content.subarray(at, at + 65_536);
      await new Promise((resolve) => response.write(piece, resolve));
      served.sent += piece.length;
      if (server.slowness > 0) await delay(server.slowness);
    }
    response.end();
  }
}
