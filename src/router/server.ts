/** The listening side: clients' connections, one request after the other on each. */
import { createServer, type Server, type Socket } from 'node:net';
import { commandNamed } from './commands/commands.js';
import { dispatch } from './commands/dispatch.js';
import { hello } from './commands/self.js';
import { validateRequest } from './request.js';
import type { Client, Reply, Router } from './router.js';
import { elementsOf, encode } from './wire/document.js';
import { errorReply, ServerError } from './wire/errors.js';
import { createSplitter } from './wire/splitter.js';
import {
  legacyReply,
  maxClientMessageLength,
  messageOf,
  OpCode,
  opCodeOf,
  parseMessage,
  parseQuery,
  requestIdOf,
} from './wire/wire.js';

/** A client that sends on without waiting for answers is read no further than this, in bytes. */
const readAhead = 1024 * 1024;

/** A server that answers clients for `router`; the caller lets it listen. */
export function createRouterServer(router: Router): Server {
  let lastConnection = 0;
  return createServer({ noDelay: true, keepAlive: true }, (socket) => {
    const client: Client = {
      connectionId: ++lastConnection,
      address: `${socket.remoteAddress ?? ''}:${socket.remotePort ?? ''}`,
      reading: undefined,
    };
    router.counters.connections++;
    router.counters.connectionsCreated++;
    socket.on('close', () => {
      router.counters.connections--;
      // Nobody is left to read what a mongod looks for; a write goes on, as it does under mongos.
      client.reading?.cancel?.(new ServerError('ClientDisconnect', 'the client closed its connection'));
    });
    // What a client does to its connection ends with that connection.
    socket.on('error', () => {});
    serve(router, socket, client);
  });
}

function serve(router: Router, socket: Socket, client: Client): void {
  const splitter = createSplitter(maxClientMessageLength);
  let busy = false;

  const next = (): void => {
    if (busy || socket.destroyed) return;
    let message: Buffer | undefined;
    try {
      message = splitter.next();
    } catch (error) {
      drop(router, socket, client, error);
      return;
    }
    if (!message) {
      socket.resume();
      return;
    }
    busy = true;
    answer(router, message, client).then(
      (reply) => {
        if (!reply) return done();
        router.counters.bytesOut += reply.length;
        // A slow reader is given nothing more until it has taken this.
        if (socket.destroyed || socket.write(reply)) done();
        else socket.once('drain', done);
      },
      (error) => drop(router, socket, client, error),
    );
  };

  const done = (): void => {
    busy = false;
    next();
  };

  socket.on('data', (chunk: Buffer) => {
    router.counters.bytesIn += chunk.length;
    splitter.push(chunk);
    if (busy && splitter.held > readAhead) socket.pause();
    next();
  });
}

/** Closes a connection on which no wire protocol is spoken, as a mongod does. */
function drop(router: Router, socket: Socket, client: Client, error: unknown): void {
  router.log(`Closing connection ${client.connectionId} of ${client.address}: ${(error as Error).message}`);
  socket.destroy();
}

/** The bytes to send back, or undefined where none are wanted. Rejects if the connection has to be closed. */
async function answer(router: Router, bytes: Buffer, client: Client): Promise<Buffer | undefined> {
  router.counters.requests++;
  const opCode = opCodeOf(bytes);
  if (opCode === OpCode.query) return answerQuery(bytes, client);
  if (opCode !== OpCode.message) throw new ServerError('BadValue', `operation ${opCode} is not supported`);
  const message = parseMessage(bytes);
  let reply: Reply;
  try {
    reply = await dispatch(router, validateRequest(message), client);
  } catch (error) {
    reply = errorReply(error);
    if (reply.codeName === 'InternalError') router.log(`fault: ${(error as Error).stack ?? error}`);
  }
  if (message.moreToCome) return undefined;
  if (!Buffer.isBuffer(reply)) return messageOf(encode(reply), message.requestId);
  reply.writeInt32LE(message.requestId, 8);
  return reply;
}

/** Old drivers open with hello as an OP_QUERY; MongoDB 6.0 takes nothing else that way. */
function answerQuery(bytes: Buffer, client: Client): Buffer {
  const { namespace, query } = parseQuery(bytes);
  const name = elementsOf(query)[0]?.name ?? '';
  const command = namespace.endsWith('.$cmd') ? commandNamed(name) : undefined;
  const document =
    command === 'hello' || command === 'isMaster'
      ? hello(command === 'isMaster', client)
      : errorReply(
          new ServerError(
            'UnsupportedOpQueryCommand',
            `Unsupported OP_QUERY command: ${name}. The client driver may require an upgrade.`,
          ),
        );
  return legacyReply(encode(document), requestIdOf(bytes));
}
