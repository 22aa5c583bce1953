import { connect } from 'node:net';
import { type Document, deserialize, serialize } from 'bson';

/** OP_MSG of MongoDB's wire protocol. */
const opMsg = 2013;
/** Header, flags, and the kind of the one section. */
const bodyStart = 21;

/**
 * Runs one command on the mongod at this port of this machine, on a connection of its own, and gives its reply as it is:
 * `ok: 0` is one too. Undefined where there is no reply in time. Without the driver, which takes as long to load as a
 * server to start.
 */
export async function mongodCommand(
  port: number,
  command: Document,
  { within, signal }: { within: number; signal?: AbortSignal | undefined },
): Promise<Document | undefined> {
  if (signal?.aborted) return undefined;
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    let received: Buffer = Buffer.alloc(0);
    const end = (reply?: Document) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      socket.destroy();
      resolve(reply);
    };
    const abort = () => end();
    const timer = setTimeout(abort, within);
    signal?.addEventListener('abort', abort, { once: true });
    socket.on('connect', () => socket.write(message({ ...command, $db: 'admin' })));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (received.length < 4 || received.length < received.readInt32LE(0)) return;
      end(deserialize(received.subarray(bodyStart)));
    });
    // Nobody listens on the port, or the server ends: there is no reply.
    socket.on('error', abort);
    socket.on('close', abort);
  });
}

function message(command: Document): Buffer {
  const body = serialize(command);
  const head = Buffer.alloc(bodyStart);
  head.writeInt32LE(head.length + body.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(opMsg, 12);
  return Buffer.concat([head, body]);
}
