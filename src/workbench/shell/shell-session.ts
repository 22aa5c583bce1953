import type { IPty } from '@lydell/node-pty';
import type { Invocation } from '../../lab/runtime.js';
import { dropped } from '../../machine/debug-log.js';
import type { Size } from '../terminal/screen.js';
import { createEnterSpacing } from './enter-spacing.js';
import type { ShellTerminal } from './load-terminal.js';
import { forProgram, type InputModes, pasted, type RawPart } from './raw-input.js';
import { terminalRows } from './rows.js';

/** What is seen of a shell. */
export interface ShellView {
  /** A string of exactly the terminal's width for each of its rows. */
  readonly rows: readonly string[];
  /** Lines between what is seen and the newest. */
  readonly below: number;
}

/** A program in a pseudo-terminal, with a terminal in memory at the other end. */
export interface ShellSession {
  /** Spawns the program and gives it what was typed meanwhile. */
  start(invocation: Invocation): void;
  /** How it ended, in words; undefined while it lives. */
  ended(): string | undefined;
  input(part: RawPart): void;
  /**
   * Puts the first of several statements at the prompt, in place of one that stands there unrun. The learner's Enter
   * runs it and puts the next one there. What mongosh is given while it works it takes up at its next prompt
   * (measured with 2.12).
   */
  type(statements: readonly string[]): void;
  resize(size: Size): void;
  /** Scrolls by lines; `Infinity` to the newest. */
  scroll(lines: number): void;
  view(options: { cursor: boolean }): ShellView;
  /** What stands before the cursor in its row: at a prompt, the prompt. */
  line(): string;
  /** Hangs up; resolves when the program has ended, which a harder signal sees to. */
  close(): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

interface SessionOptions {
  readonly terminal: ShellTerminal;
  readonly size: Size;
  /** The least milliseconds between two Enters; 0 for a program that takes them as they come. */
  readonly enterSpacingMs: number;
  /** What is seen may have changed. */
  readonly onOutput: () => void;
  readonly onEnd: () => void;
}

/** Ctrl-C, Ctrl-D, Ctrl-Z. */
const interrupts = ['\u0003', '\u0004', '\u001A'];

/** To the line's end, and away with all before it: for readline and for redis-cli, which Ctrl-C would end. */
const clearLine = '\u0005\u0015';
/** Of several lines mongosh has taken all but the last already: only an interrupt takes them back. */
const clearLines = '\u0003';

/** How long a program may take to end once it was hung up on. */
const hangUpMs = 500;

export function createShellSession(options: SessionOptions): ShellSession {
  const { terminal: make, size, enterSpacingMs, onOutput, onEnd } = options;
  const terminal = make.createTerminal(size);
  let pty: IPty | undefined;
  let ended: string | undefined;
  let typedAhead = '';
  let seenPrompt = false;
  /** Statements that the next Enters put at the prompt. */
  let queue: readonly string[] = [];
  /** The statement that was put at the prompt and that nobody has run yet. */
  let unrun: string | undefined;
  const endListeners = new Set<() => void>();

  const write = (text: string): void => {
    if (pty === undefined) typedAhead += text;
    else if (ended === undefined) quietly(() => pty?.write(text));
  };
  // Answers to what programs ask of their terminal: its attributes, the cursor's position.
  terminal.onData(write);
  const keys = createEnterSpacing(write, enterSpacingMs);

  const modes = (): InputModes => ({
    applicationCursorKeys: terminal.modes.applicationCursorKeysMode,
    bracketedPaste: terminal.modes.bracketedPasteMode,
  });

  /**
   * A shell that has just started has no prompt yet: what it is given then is echoed by its terminal and again by
   * itself, and a paste would not be marked as one.
   */
  const hasPrompt = (): boolean =>
    terminal.modes.bracketedPasteMode || terminal.buffer.active.cursorX > 0 || seenPrompt;

  const typeNext = (before: string): void => {
    const [next, ...rest] = queue;
    queue = rest;
    unrun = next;
    // A single line is typed, which every program takes; only more need the marks of a paste.
    if (next !== undefined) keys.send(before + (next.includes('\n') ? pasted(next, modes()) : next));
  };

  return {
    start(invocation) {
      const started = make.spawn(invocation, { columns: terminal.cols, rows: terminal.rows });
      pty = started;
      started.onData((data) =>
        terminal.write(data, () => {
          if (!seenPrompt && hasPrompt()) {
            seenPrompt = true;
            typeNext('');
          }
          onOutput();
        }),
      );
      started.onExit(({ exitCode, signal }) => {
        ended = signal ? `ended by signal ${signal}` : `ended with ${exitCode}`;
        // After what it printed last.
        terminal.write('', () => {
          onEnd();
          for (const listener of endListeners) listener();
        });
      });
      const ahead = typedAhead;
      typedAhead = '';
      if (ahead !== '') write(ahead);
    },
    ended: () => ended,
    input(part) {
      terminal.scrollToBottom();
      if (part.kind === 'keys' && part.text === '\r' && queue.length > 0 && seenPrompt) {
        typeNext('\r');
        return;
      }
      if (part.kind === 'keys' && part.text.includes('\r')) unrun = undefined;
      // Whoever interrupts does not want the rest either.
      const interrupt = part.kind === 'keys' && interrupts.some((key) => part.text.includes(key));
      if (interrupt) {
        queue = [];
        unrun = undefined;
      }
      (interrupt ? keys.interrupt : keys.send)(forProgram(part, modes()));
    },
    type(statements) {
      terminal.scrollToBottom();
      const before = unrun;
      queue = statements;
      if (!hasPrompt()) return;
      // A block that is sent in place of the one that stands there is not meant to follow it on its line.
      if (before !== undefined) keys.send(before.includes('\n') ? clearLines : clearLine);
      typeNext('');
    },
    resize({ columns, rows }) {
      if (columns === terminal.cols && rows === terminal.rows) return;
      terminal.resize(columns, rows);
      if (ended === undefined) quietly(() => pty?.resize(columns, rows));
    },
    scroll: (lines) => (Number.isFinite(lines) ? terminal.scrollLines(lines) : terminal.scrollToBottom()),
    view({ cursor }) {
      const { baseY, viewportY } = terminal.buffer.active;
      return {
        rows: terminalRows(terminal, { cursor: cursor && ended === undefined }),
        below: baseY - viewportY,
      };
    },
    line() {
      const { active } = terminal.buffer;
      const row = active.getLine(active.baseY + active.cursorY);
      return row?.translateToString(false, 0, active.cursorX) ?? '';
    },
    async close() {
      if (pty === undefined || ended !== undefined) return;
      const gone = new Promise<void>((resolve) => endListeners.add(resolve));
      quietly(() => pty?.kill('SIGHUP'));
      const harder = setTimeout(() => quietly(() => pty?.kill('SIGKILL')), hangUpMs);
      await gone;
      clearTimeout(harder);
    },
    kill() {
      if (ended === undefined) quietly(() => pty?.kill('SIGKILL'));
    },
  };
}

/** The program may end between any two lines of ours: then its terminal is closed, and writing to it fails. */
function quietly(task: () => void): void {
  try {
    task();
  } catch (error) {
    dropped(error);
    // It has ended; its exit is told on its own.
  }
}
