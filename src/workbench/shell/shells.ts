import type { Invocation } from '../../lab/runtime.js';
import { type ShellEntry, type ShellKey, sameShell } from '../state/shell-key.js';
import type { Size } from '../terminal/screen.js';
import type { ShellTerminal } from './load-terminal.js';
import type { RawPart } from './raw-input.js';
import { createShellSession, type ShellSession, type ShellView } from './shell-session.js';

/**
 * All shells of the workbench, outside React: they live on when their pane closes or another lesson opens. What
 * is not there is not an error: a shell may have ended between two keys.
 */
export interface Shells {
  /** True once shells can be opened in the pane, false where they cannot; undefined before `load` has found out. */
  available(): boolean | undefined;
  load(): Promise<boolean>;
  /**
   * Opens a shell, anew where the one before has ended; nothing where it lives. What is typed before it runs is
   * kept for it. Throws what `prepare` throws; then there is no such shell.
   */
  open(key: ShellKey, prepare: () => Promise<Invocation>): Promise<void>;
  entries(): readonly ShellEntry[];
  input(key: ShellKey, part: RawPart): void;
  type(key: ShellKey, statements: readonly string[]): void;
  scroll(key: ShellKey, lines: number): void;
  view(key: ShellKey, options: { cursor: boolean }): ShellView | undefined;
  /** What stands before the cursor of a shell; undefined where none lives. */
  line(key: ShellKey): string | undefined;
  /** Ends a shell and forgets it. */
  end(key: ShellKey): void;
  /** Forgets a shell that has ended. */
  forget(key: ShellKey): void;
  /** The size of the pane: of all shells, for each is seen in it. */
  resize(size: Size): void;
  /** Hangs up on all; resolves when all have ended. None opens any more. */
  close(): Promise<void>;
  /** Ends all at once, for the process's own end. */
  kill(): void;
}

interface ShellsOptions {
  readonly load: () => Promise<ShellTerminal | undefined>;
  /** A shell was opened or has ended. */
  readonly onChange: () => void;
  /** The output of a shell changed what can be seen of it. */
  readonly onOutput: (key: ShellKey) => void;
}

interface Entry {
  readonly key: ShellKey;
  readonly session: ShellSession;
}

/** What programs assume before they are told. */
const firstSize: Size = { columns: 80, rows: 24 };

/** Twice what readline takes for one line end: mongosh, when it is busy, sees an Enter later than it was sent. */
const ownShellSpacingMs = 200;

export function createShells({ load, onChange, onOutput }: ShellsOptions): Shells {
  let terminal: ShellTerminal | undefined;
  let loading: Promise<boolean> | undefined;
  let available: boolean | undefined;
  let size = firstSize;
  let entries: readonly Entry[] = [];
  let closed = false;

  const find = (key: ShellKey): ShellSession | undefined =>
    entries.find((entry) => sameShell(entry.key, key))?.session;
  const remove = (key: ShellKey): void => {
    entries = entries.filter((entry) => !sameShell(entry.key, key));
  };

  return {
    available: () => available,
    load() {
      loading ??= load().then((loaded) => {
        terminal = loaded;
        available = loaded !== undefined;
        return available;
      });
      return loading;
    },
    async open(key, prepare) {
      const before = find(key);
      if (closed || terminal === undefined || (before !== undefined && before.ended() === undefined)) return;
      remove(key);
      const session = createShellSession({
        terminal,
        size,
        enterSpacingMs: key.kind === 'own' ? ownShellSpacingMs : 0,
        onOutput: () => onOutput(key),
        onEnd: onChange,
      });
      entries = [...entries, { key, session }];
      onChange();
      try {
        const invocation = await prepare();
        if (!closed) session.start(invocation);
      } catch (error) {
        remove(key);
        onChange();
        throw error;
      }
    },
    entries: () => entries.map(({ key, session }) => ({ ...key, ended: session.ended() })),
    input: (key, part) => find(key)?.input(part),
    type: (key, statements) => find(key)?.type(statements),
    scroll: (key, lines) => find(key)?.scroll(lines),
    view: (key, options) => find(key)?.view(options),
    line(key) {
      const session = find(key);
      return session?.ended() === undefined ? session?.line() : undefined;
    },
    end(key) {
      find(key)?.kill();
      remove(key);
      onChange();
    },
    forget(key) {
      if (find(key)?.ended() === undefined) return;
      remove(key);
      onChange();
    },
    resize(next) {
      size = next;
      for (const { session } of entries) session.resize(next);
    },
    async close() {
      closed = true;
      await Promise.all(entries.map(({ session }) => session.close()));
    },
    kill() {
      for (const { session } of entries) session.kill();
    },
  };
}
