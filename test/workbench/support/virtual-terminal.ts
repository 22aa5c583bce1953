import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import type { TerminalOutput } from '../../../src/workbench/terminal/screen.js';
import { cellStyles } from './cell-styles.js';

const { Terminal } = headless;

/** A terminal in memory that understands escape sequences as a real one does. */
export interface VirtualTerminal extends TerminalOutput {
  /** The screen as text, a line a row, blanks at line ends cut off. Waits for all that was written. */
  text(): Promise<string>;
  /** How the screen's cells look; see `cellStyles`. */
  styles(): Promise<string>;
  /** Everything that was written since the last call. */
  takeWritten(): string;
  resize(columns: number, rows: number): void;
  /** Which screen is shown. */
  screen(): Promise<'normal' | 'alternate'>;
}

export function createVirtualTerminal(columns: number, rows: number): VirtualTerminal {
  const terminal = new Terminal({ cols: columns, rows, allowProposedApi: true });
  const events = new EventEmitter();
  let written = '';
  const settled = () => new Promise<void>((resolve) => terminal.write('', resolve));
  return {
    get columns() {
      return terminal.cols;
    },
    get rows() {
      return terminal.rows;
    },
    write(data) {
      written += data;
      terminal.write(data);
    },
    on: (event, listener) => events.on(event, listener),
    off: (event, listener) => events.off(event, listener),
    async text() {
      await settled();
      const { active } = terminal.buffer;
      return Array.from(
        { length: terminal.rows },
        (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
      ).join('\n');
    },
    async styles() {
      await settled();
      return cellStyles(terminal);
    },
    takeWritten() {
      const taken = written;
      written = '';
      return taken;
    },
    resize(newColumns, newRows) {
      terminal.resize(newColumns, newRows);
      events.emit('resize');
    },
    async screen() {
      await settled();
      return terminal.buffer.active.type;
    },
  };
}
