import { connect } from 'node:net';
import { pause } from '../machine/pause.js';
import type { Service } from './compose/service.js';

/** How long between two questions to a server that does not answer yet, in milliseconds. */
const interval = 25;
/** A question that hangs is asked again after this long, in milliseconds. */
const patience = 2_000;

/**
 * Asks the server at `host:port` until it answers: hello on MongoDB, PING on Redis, any HTTP answer elsewhere.
 * Whether it is of use yet (a primary, a cluster that is complete) is not asked: that is the learner's work.
 * Ends only by an answer or by the signal, whose reason it throws.
 */
export async function untilAnswers(service: Service, port: number, signal: AbortSignal): Promise<void> {
  const ask = question(service);
  while (!(await answers(port, ask, signal))) await pause(interval, signal);
}

/** What is sent, and whether what came back is an answer. */
interface Question {
  readonly bytes: Buffer;
  readonly isAnswer: (received: Buffer) => boolean;
}

function question(service: Service): Question {
  switch (service.program) {
    case 'mongod':
    case 'mongos':
      return { bytes: helloMessage(), isAnswer: (received) => received.includes('isWritablePrimary') };
    case 'redis-server':
      // -LOADING means that it still reads its data; any other answer is one.
      return {
        bytes: Buffer.from('PING\r\n'),
        isAnswer: (received) => /^(\+|-(?!LOADING))/.test(received.toString()),
      };
    default: {
      // What the shop answers without its database, and those before it pass on.
      const request = 'GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n';
      return { bytes: Buffer.from(request), isAnswer: (received) => received.toString().startsWith('HTTP/') };
    }
  }
}

/**
 * `{ hello: 1, $db: 'admin' }` as an OP_MSG (MongoDB wire protocol, opcode 2013), by hand: the driver takes longer
 * to load than a server to start.
 */
function helloMessage(): Buffer {
  const name = (type: number, text: string) => Buffer.from([type, ...Buffer.from(text), 0]);
  const hello = Buffer.concat([name(0x10, 'hello'), Buffer.from([1, 0, 0, 0])]);
  const db = Buffer.concat([name(0x02, '$db'), Buffer.from([6, 0, 0, 0]), Buffer.from('admin\0')]);
  const document = Buffer.concat([Buffer.alloc(4), hello, db, Buffer.from([0])]);
  document.writeInt32LE(document.length);
  const head = Buffer.alloc(21);
  head.writeInt32LE(head.length + document.length, 0);
  head.writeInt32LE(1, 4);
  head.writeInt32LE(2013, 12);
  return Buffer.concat([head, document]);
}

function answers(port: number, { bytes, isAnswer }: Question, signal: AbortSignal): Promise<boolean> {
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let received: Buffer = Buffer.alloc(0);
    const end = (settle: () => void) => {
      signal.removeEventListener('abort', abort);
      socket.destroy();
      settle();
    };
    const abort = () => end(() => reject(signal.reason));
    signal.addEventListener('abort', abort, { once: true });
    socket.setTimeout(patience, () => end(() => resolve(false)));
    socket.on('connect', () => socket.write(bytes));
    socket.on('data', (chunk) => {
      received = Buffer.concat([received, chunk]);
      if (isAnswer(received)) end(() => resolve(true));
    });
    socket.on('error', () => end(() => resolve(false)));
    socket.on('close', () => end(() => resolve(false)));
  });
}
