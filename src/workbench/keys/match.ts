import { sameShell } from '../shell/shells.js';
import type { ShellPane, WorkbenchState } from '../state/state.js';
import { isUnderWay } from '../state/work.js';
import { type Command, type KeyBinding, type KeyContext, keyTable } from './table.js';

/** Where keys go in this state. */
export function keyContext(state: WorkbenchState): KeyContext {
  const { overlay } = state;
  if (overlay?.kind === 'question') {
    return state.view?.lesson.questions[overlay.index]?.question.kind === 'number' ? 'number' : 'choice';
  }
  if (overlay !== undefined) return overlay.kind;
  if (state.screen === 'work') return isUnderWay(state.work) ? 'work' : 'work-over';
  if (state.screen !== 'lesson') return state.screen;
  if (state.shell.choosingBlock) return 'block';
  return state.pane === 'shell'
    ? shellContext(state.shell)
    : state.shell.prefixed
      ? 'shell-prefix'
      : 'lesson';
}

function shellContext({ entries, shown, mode }: ShellPane): KeyContext {
  if (entries.find((entry) => sameShell(entry, shown))?.ended !== undefined) return 'shell-ended';
  return mode === 'scrolling' ? 'shell-scroll' : 'shell';
}

export function bindingsIn(context: KeyContext): readonly KeyBinding[] {
  return keyTable.filter((binding) => binding.in.includes(context));
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
