import { spawn } from '@lydell/node-pty';
import unicode from '@xterm/addon-unicode11';
import headless from '@xterm/headless';
import { vi } from 'vitest';

const { Terminal } = headless;

/** A program in a real pseudo-terminal, with a terminal in memory at the other end. */
export interface Pty {
  readonly pid: number;
  /** All bytes that came so far. */
  output(): string;
  /** The screen as text. */
  text(): Promise<string>;
  type(keys: string): void;
  resize(columns: number, rows: number): void;
  /** Waits until the screen shows a text (or matches), and gives the whole screen. */
  shows(wanted: string | RegExp, timeout?: number): Promise<string>;
  /** Which screen is shown, and whether the cursor is. */
  state(): Promise<{ screen: 'normal' | 'alternate'; cursor: boolean }>;
  /** Whether the terminal marks what is pasted (DEC 2004). */
  marksPastes(): Promise<boolean>;
  /** Whether the terminal reports the mouse. */
  reportsMouse(): Promise<boolean>;
  /** Resolves with the exit code. */
  readonly ended: Promise<number>;
  /** Hangs up, as a terminal window that is closed. */
  close(): void;
}

interface PtyOptions {
  readonly columns?: number;
  readonly rows?: number;
  /** Added to the environment; undefined removes. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export function openPty(
  file: string,
  args: readonly string[],
  { columns = 120, rows = 36, env = {} }: PtyOptions = {},
): Pty {
  const terminal = new Terminal({ cols: columns, rows, scrollback: 1000, allowProposedApi: true });
  // As terminals of today: an emoji has two cells.
  terminal.loadAddon(new unicode.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  // Without what the test runner says of itself and of colours: a learner's shell says none of it.
  const { CI, NO_COLOR, FORCE_COLOR, NODE_ENV, ...inherited } = process.env;
  const pty = spawn(file, [...args], {
    // node-pty makes it TERM.
    name: env.TERM ?? 'xterm-256color',
    cols: columns,
    rows,
    env: { ...inherited, ...env },
  });
  let output = '';
  pty.onData((data) => {
    output += data;
    terminal.write(data);
  });
  terminal.onData((reply) => pty.write(reply));
  const ended = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  const settled = () => new Promise<void>((resolve) => terminal.write('', resolve));

  const text = async (): Promise<string> => {
    await settled();
    const { active } = terminal.buffer;
    return Array.from(
      { length: terminal.rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    ).join('\n');
  };

  return {
    pid: pty.pid,
    output: () => output,
    text,
    type: (keys) => pty.write(keys),
    resize(newColumns, newRows) {
      pty.resize(newColumns, newRows);
      terminal.resize(newColumns, newRows);
    },
    shows: (wanted, timeout = 20_000) =>
      vi.waitFor(
        async () => {
          const shown = await text();
          if (typeof wanted === 'string' ? shown.includes(wanted) : wanted.test(shown)) return shown;
          throw new Error(`The terminal does not show ${wanted}:\n${shown}`);
        },
        { timeout, interval: 30 },
      ),
    async state() {
      await settled();
      return {
        screen: terminal.buffer.active.type,
        cursor: output.lastIndexOf('\u001B[?25l') <= output.lastIndexOf('\u001B[?25h'),
      };
    },
    async reportsMouse() {
      await settled();
      return terminal.modes.mouseTrackingMode !== 'none';
    },
    async marksPastes() {
      await settled();
      return terminal.modes.bracketedPasteMode;
    },
    ended,
    close: () => pty.kill('SIGHUP'),
  };
}
