import type { IPty } from '@lydell/node-pty';
import type { Terminal } from '@xterm/headless';
import type { Invocation } from '../../lab/runtime.js';
import { dropped } from '../../machine/debug-log.js';
import type { Size } from '../terminal/screen.js';

/** What a shell pane is made of. */
export interface ShellTerminal {
  /** Starts a program in a pseudo-terminal of its own. Throws where the program is not there. */
  spawn(invocation: Invocation, size: Size): IPty;
  /** A terminal in memory. */
  createTerminal(size: Size): Terminal;
}

/** Lines above the screen that are kept for scrolling back. */
const scrollback = 5000;

/**
 * Loads both, after the first frame. Undefined where this platform has no pseudo-terminal of ours: the package is
 * optional, and has no binary for musl.
 */
export async function loadTerminal(): Promise<ShellTerminal | undefined> {
  let pty: typeof import('@lydell/node-pty');
  try {
    pty = await import('@lydell/node-pty');
  } catch (error) {
    dropped(error);
    return undefined;
  }
  // An emulator is of no use without a pseudo-terminal.
  const { default: headless } = await import('@xterm/headless');
  const { default: unicode } = await import('@xterm/addon-unicode11');
  return {
    spawn: ({ file, args, env }, size) =>
      pty.spawn(file, [...args], {
        name: 'xterm-256color',
        cols: size.columns,
        rows: size.rows,
        env: { ...process.env, ...env },
      }),
    createTerminal({ columns, rows }) {
      const terminal = new headless.Terminal({ cols: columns, rows, scrollback, allowProposedApi: true });
      // Without it an emoji takes one cell here and two on the learner's screen.
      terminal.loadAddon(new unicode.Unicode11Addon());
      terminal.unicode.activeVersion = '11';
      return terminal;
    },
  };
}
