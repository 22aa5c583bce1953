import { EventEmitter } from 'node:events';
import { vi } from 'vitest';
import type { CourseSession } from '../../../src/workbench/course-session.js';
import { mountWorkbench } from '../../../src/workbench/mount.js';
import { loadTerminal } from '../../../src/workbench/shell/load-terminal.js';
import { createKeyboard } from '../../../src/workbench/terminal/keyboard.js';
import type { HandOver } from '../../../src/workbench/terminal/run-in-foreground.js';
import { createScreen } from '../../../src/workbench/terminal/screen.js';
import { createFakeSession, type FakeOptions, type FakeSession } from './fake-session.mjs';
import { createVirtualTerminal, type VirtualTerminal } from './virtual-terminal.js';

/** The whole interface on a terminal in memory. */
export interface OnTerminal {
  readonly terminal: VirtualTerminal;
  /** How often the learner was let go. */
  readonly quit: ReturnType<typeof vi.fn>;
  /** What the terminal was handed to. */
  readonly runInForeground: ReturnType<typeof vi.fn<HandOver>>;
  /** Types keys as a terminal would send them. */
  press(keys: string): void;
  /** Waits until the screen shows a text (or matches), and gives the whole screen. */
  shows(wanted: string | RegExp): Promise<string>;
  close(): Promise<void>;
}

/** The same on a made-up lab. */
export interface Mounted extends OnTerminal {
  readonly session: FakeSession;
}

type Demo = Pick<Parameters<typeof mountWorkbench>[0], 'demo'>;

export async function mountFake(
  columns: number,
  rows: number,
  options: FakeOptions & Demo = {},
): Promise<Mounted> {
  const session = createFakeSession(options);
  return { ...(await mountOn(session, { columns, rows, ...options })), session };
}

/** @param options.handedTo stands for the program that the terminal is handed to */
export async function mountOn(
  session: CourseSession,
  options: Demo & { columns: number; rows: number; pane?: boolean; handedTo?: HandOver },
): Promise<OnTerminal> {
  const { columns, rows, pane = false, demo, handedTo } = options;
  const terminal = createVirtualTerminal(columns, rows);
  const screen = createScreen(terminal);
  const quit = vi.fn();
  const runInForeground = vi.fn<HandOver>(handedTo ?? (async () => ({ exitCode: 0, failure: undefined })));
  const workbench = mountWorkbench({
    screen,
    quit,
    runInForeground,
    loadTerminal: async () => (pane ? loadTerminal() : undefined),
    demo,
  });
  screen.enter();
  const input = Object.assign(new EventEmitter(), { setRawMode() {}, resume() {}, pause() {} });
  const keyboard = createKeyboard(input, workbench);
  keyboard.listen();
  workbench.connect(session);

  const mounted: OnTerminal = {
    terminal,
    quit,
    runInForeground,
    press: (keys) => void input.emit('data', Buffer.from(keys)),
    shows: (wanted) =>
      vi.waitFor(
        async () => {
          const text = await terminal.text();
          if (typeof wanted === 'string' ? text.includes(wanted) : wanted.test(text)) return text;
          throw new Error(`The screen does not show ${wanted}:\n${text}`);
        },
        { timeout: 10_000, interval: 20 },
      ),
    async close() {
      workbench.unmount();
      keyboard.close();
      await workbench.shells.close();
      screen.close();
      await session.close();
    },
  };
  await mounted.shows(demo ? 'take over' : 'Enter open');
  return mounted;
}
