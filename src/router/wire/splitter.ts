import { headerLength, maxMessageLength, messageLength } from './wire.js';

/** Cuts a TCP stream into wire messages, whatever the pieces it arrives in. */
export interface Splitter {
  push(chunk: Buffer): void;
  /** The next whole message, or undefined until more has come. @throws ServerError if the stream is no wire protocol. */
  next(): Buffer | undefined;
  /** Bytes held that are not yet part of a message returned. */
  readonly held: number;
}

/**
 * A message that lies within one chunk is returned as a view of it; only one that was cut is copied, once.
 * `longest`: the bytes that a message may have.
 */
export function createSplitter(longest = maxMessageLength): Splitter {
  let chunks: Buffer[] = [];
  let held = 0;
  let wanted = 0;

  const join = (): Buffer => {
    const joined = chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks, held);
    chunks = [joined];
    return joined;
  };

  return {
    push(chunk) {
      chunks.push(chunk);
      held += chunk.length;
    },
    next() {
      if (held < headerLength || held < wanted) return undefined;
      if (wanted === 0) {
        const first = chunks[0] as Buffer;
        wanted = messageLength(first.length >= headerLength ? first : join(), longest);
        if (held < wanted) return undefined;
      }
      const bytes = join();
      const message = bytes.subarray(0, wanted);
      held -= wanted;
      chunks = held === 0 ? [] : [bytes.subarray(wanted)];
      wanted = 0;
      return message;
    },
    get held() {
      return held;
    },
  };
}
