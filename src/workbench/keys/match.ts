import type { Command } from '../state/command.js';
import { sameShell } from '../state/shell-key.js';
import type { Overlay, ShellPane, WorkbenchState } from '../state/state.js';
import { isUnderWay } from '../state/work.js';
import type { KeyBinding, KeyContext } from './binding.js';
import { keyTable } from './table.js';

/** Where keys go in this state. */
export function keyContext(state: WorkbenchState): KeyContext {
  const { overlay, demo } = state;
  if (demo !== undefined) return 'demo';
  if (overlay?.kind === 'question') {
    return state.view?.lesson.questions[overlay.index]?.question.kind === 'number' ? 'number' : 'choice';
  }
  if (overlay !== undefined) return overlayContext(overlay.kind);
  if (state.screen === 'work') return isUnderWay(state.work) ? 'work' : 'work-over';
  return state.screen === 'lesson' ? paneContext(state) : state.screen;
}

function overlayContext(kind: Exclude<Overlay['kind'], 'question'>): KeyContext {
  if (kind === 'mistakes' || kind === 'summary') return 'page';
  return kind === 'told' ? 'trouble' : kind;
}

function paneContext({ pane, shell, details }: WorkbenchState): KeyContext {
  if (shell.choosingBlock) return 'block';
  if (pane === 'shell') return shellContext(shell);
  if (shell.prefixed) return 'shell-prefix';
  if (pane !== 'lab') return 'lesson';
  return details === undefined ? 'lab' : 'node';
}

function shellContext({ entries, shown, mode }: ShellPane): KeyContext {
  if (entries.find((entry) => sameShell(entry, shown))?.ended !== undefined) return 'shell-ended';
  return mode === 'scrolling' ? 'shell-scroll' : 'shell';
}

/** What keys mean there, in the order of the table; the lab pane's own come before those it has of the lesson. */
export function bindingsIn(context: KeyContext): readonly KeyBinding[] {
  const own = keyTable.filter((binding) => binding.in.includes(context));
  if (context !== 'lab') return own;
  const taken = own.flatMap(({ keys }) => keys);
  const rest = bindingsIn('lesson').map((binding) => ({
    ...binding,
    keys: binding.keys.filter((key) => !taken.includes(key)),
  }));
  return [...own, ...rest.filter(({ keys }) => keys.length > 0)];
}

export function commandFor(context: KeyContext, key: string): Command | undefined {
  return bindingsIn(context).find((binding) => binding.keys.includes(key))?.command;
}

const names: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  escape: 'Esc',
};

/** A key as it is printed on keyboards: `↑`, `Esc`, `Ctrl+C`, `Enter`, `n`. */
export function keyLabel(key: string): string {
  const known = names[key];
  if (known !== undefined) return known;
  if (key.length === 1) return key;
  return key
    .split('+')
    .map((part) => part[0]?.toUpperCase() + part.slice(1))
    .join('+');
}
