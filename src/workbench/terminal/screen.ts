import { EventEmitter } from 'node:events';
import { reportMouse } from './mouse.js';
import { enterScreen, leaveScreen, resetScreen } from './sequences.js';

/** Width and height of the terminal, in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

/** What the screen needs of `process.stdout`. */
export interface TerminalOutput {
  readonly columns: number;
  readonly rows: number;
  write(data: string): unknown;
  on(event: 'resize', listener: () => void): unknown;
  off(event: 'resize', listener: () => void): unknown;
}

/**
 * The one writer of the full screen. Ink, in its `debug` mode, gives a whole frame of text for each change; the
 * screen paints only the lines that differ from what the terminal shows already.
 * Ink's own full-screen renderer clears the screen and the scrollback for each frame (Ink 6.8).
 */
export interface Screen {
  /** To be given to Ink's `render` as `stdout`, with `debug: true`. */
  readonly stdout: NodeJS.WriteStream;
  size(): Size;
  /** Switches to the alternate screen and paints the last frame. */
  enter(): void;
  /** Gives back the normal screen. Frames that come meanwhile are kept, not painted. */
  leave(): void;
  /** Leaves for good; where a program has the terminal, undoes what that one may have left on. */
  restore(): void;
  /**
   * Lines from row `top` (0-based) on that lie over the frame, painted at once: what a shell prints changes thirty
   * times a second, too often for Ink to lay out the whole screen anew.
   */
  inset(inset: Inset | undefined): void;
  onResize(listener: (size: Size) => void): void;
  /** Leaves, and stops listening. */
  close(): void;
}

export interface Inset {
  readonly top: number;
  readonly lines: readonly string[];
}

/** Frames closer together than this are painted as one. */
const frameMs = 16;
const fallbackSize: Size = { columns: 80, rows: 24 };

/** `mouse`: whether the terminal is to report the mouse while the screen is entered. */
export function createScreen(output: TerminalOutput, { mouse } = { mouse: false }): Screen {
  let frame: readonly string[] = [];
  let inset: Inset | undefined;
  let painted: readonly string[] = [];
  let entered = false;
  let timer: NodeJS.Timeout | undefined;
  const resizeListeners = new Set<(size: Size) => void>();

  // A terminal that does not tell its size (some serial lines) says 0.
  const size = (): Size => ({
    columns: output.columns || fallbackSize.columns,
    rows: output.rows || fallbackSize.rows,
  });

  const paint = (): void => {
    timer = undefined;
    if (!entered) return;
    const next = inset === undefined ? frame : withInset(frame, inset);
    const changes = changedLines(painted, next, size().rows);
    painted = next;
    // One synchronized update (DEC 2026), without autowrap: a line too long must not push the next one down.
    if (changes !== '') output.write(`\u001B[?2026h\u001B[?7l${changes}\u001B[?7h\u001B[?2026l`);
  };

  const repaint = (): void => {
    painted = [];
    output.write('\u001B[2J\u001B[H');
    paint();
  };

  const resized = (): void => {
    if (entered) repaint();
    for (const listener of resizeListeners) listener(size());
  };
  output.on('resize', resized);

  const stdout = Object.assign(new EventEmitter(), {
    write(text: string): boolean {
      frame = text.split('\n');
      timer ??= setTimeout(paint, frameMs);
      return true;
    },
  });
  Object.defineProperties(stdout, {
    columns: { get: () => size().columns },
    rows: { get: () => size().rows },
  });

  const leave = (): void => {
    if (!entered) return;
    entered = false;
    output.write(leaveScreen);
  };

  return {
    stdout: stdout as unknown as NodeJS.WriteStream,
    size,
    enter() {
      if (entered) return;
      entered = true;
      output.write(mouse ? enterScreen + reportMouse : enterScreen);
      repaint();
    },
    leave,
    restore() {
      if (entered) leave();
      else output.write(resetScreen);
    },
    inset(next) {
      inset = next;
      // A frame that is under way may belong to it.
      if (timer === undefined) paint();
    },
    onResize: (listener) => void resizeListeners.add(listener),
    close() {
      clearTimeout(timer);
      leave();
      output.off('resize', resized);
      resizeListeners.clear();
    },
  };
}

function withInset(frame: readonly string[], { top, lines }: Inset): readonly string[] {
  const rows = [...frame];
  for (const [index, line] of lines.entries()) rows[top + index] = line;
  return rows;
}

/** The escape sequences that turn what is painted into `next`, at most `rows` lines of it. */
export function changedLines(painted: readonly string[], next: readonly string[], rows: number): string {
  let changes = '';
  for (let row = 0; row < Math.min(rows, Math.max(painted.length, next.length)); row++) {
    const line = next[row] ?? '';
    if (painted[row] === line) continue;
    // Erase first: after a line of full width the cursor stands on its last cell, which an erase would take.
    changes += `\u001B[${row + 1};1H\u001B[0m\u001B[K${line}\u001B[0m`;
  }
  return changes;
}
