import { StringDecoder } from 'node:string_decoder';
import { setImmediate as tick } from 'node:timers/promises';
import { flushKeys, isOpenPaste, type Key, nextKey } from './keys.js';
import { type MouseAction, takeMouse } from './mouse.js';

/** What the keyboard needs of `process.stdin`. */
export interface TerminalInput {
  setRawMode(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (chunk: Buffer) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer) => void): unknown;
}

export interface Keyboard {
  /** Raw mode on; keys come from now on. */
  listen(): void;
  /**
   * Lets go of the terminal so that a child can read it: resolves when no read of ours is outstanding.
   * Otherwise a job-control shell stops the whole course with SIGTTIN, or loses the first line typed.
   */
  release(): Promise<void>;
  /** As `release`, for the way out, where nothing reads after us. */
  close(): void;
}

/** How long a lone ESC may wait for the rest of its sequence: slow lines split it. */
const escapeMs = 50;
const ctrlC = '\u0003';

/** Where input goes, asked anew before each key, for a key may change it. */
export interface KeyboardTarget {
  onKey(key: Key): void;
  onMouse(action: MouseAction): void;
  /**
   * Takes all input as it came while a shell has the keys, and gives what is not the shell's any more; undefined
   * while none has.
   */
  onRaw(input: string): string | undefined;
}

export function createKeyboard(input: TerminalInput, target: KeyboardTarget): Keyboard {
  let decoder = new StringDecoder('utf8');
  let rest = '';
  /** The beginning of a mouse report. */
  let report = '';
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    const keys = flushKeys(rest);
    rest = '';
    for (const key of keys) target.onKey(key);
  };

  const onData = (chunk: Buffer): void => {
    clearTimeout(timer);
    const text = decoder.write(chunk);
    // A paste whose end got lost would swallow all keys for ever: a Ctrl-C that comes by itself is typed.
    if (text === ctrlC && isOpenPaste(rest)) rest = '';
    const { actions, left: typed, unfinished } = takeMouse(report + text);
    report = unfinished;
    for (const action of actions) target.onMouse(action);
    let left = rest + typed;
    rest = '';
    while (left !== '') {
      const notRaw = target.onRaw(left);
      if (notRaw !== undefined) {
        left = notRaw;
        continue;
      }
      const next = nextKey(left);
      if (next === undefined) {
        rest = left;
        if (!isOpenPaste(rest)) timer = setTimeout(flush, escapeMs);
        return;
      }
      left = left.slice(next.length);
      if (next.key !== undefined) target.onKey(next.key);
    }
  };

  const stop = (): void => {
    clearTimeout(timer);
    rest = '';
    report = '';
    input.off('data', onData);
    input.setRawMode(false);
  };

  return {
    listen() {
      decoder = new StringDecoder('utf8');
      input.on('data', onData);
      // libuv remembers the mode it set last: a child may have left another, so that `true` alone does nothing.
      input.setRawMode(false);
      input.setRawMode(true);
      input.resume();
    },
    async release() {
      stop();
      // Both ticks are needed: in the tick that leaves raw mode the stream still starts a read of its own.
      await tick();
      input.pause();
      await tick();
    },
    close() {
      stop();
      input.pause();
    },
  };
}
