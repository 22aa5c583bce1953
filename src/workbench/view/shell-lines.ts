import stringWidth from 'string-width';
import type { ShellView } from '../shell/shell-session.js';
import { type ShellEntry, sameShell } from '../state/shell-key.js';
import type { ShellPane } from '../state/state.js';
import { cut } from '../text/columns.js';
import { theme } from '../theme.js';
import type { ShellArea } from './shell-area.js';

interface ShellLinesOptions {
  readonly area: ShellArea;
  readonly shell: ShellPane;
  /** Undefined between a shell's end and the pane's. */
  readonly view: ShellView | undefined;
  readonly focused: boolean;
}

/** The shell as it is drawn: what its terminal shows, in a border that says which shell it is. */
export function shellLines({ area, shell, view, focused }: ShellLinesOptions): readonly string[] {
  const { width, height, bordered } = area;
  const rows = view?.rows ?? [];
  if (!bordered) return Array.from({ length: height }, (_, row) => rows[row] ?? '');
  const border = focused ? theme.focus : theme.border;
  const title = shellTitle(shell);
  const label = cut(focused ? ` ▸ ${title} ` : ` ${title} `, width - 4);
  const position = view !== undefined && view.below > 0 ? ` ${view.below} lines below ` : '';
  // The border goes to its column whatever width the terminal gave to an emoji before it.
  const right = `\u001B[${width}G${border('│')}`;
  return [
    border('╭─') +
      (focused ? theme.strong(label) : label) +
      border(`${'─'.repeat(width - 3 - stringWidth(label))}╮`),
    ...Array.from({ length: height - 2 }, (_, row) => `${border('│')}${rows[row] ?? ''}${right}`),
    border(`╰${'─'.repeat(width - 3 - position.length)}`) + theme.dim(position) + border('─╯'),
  ];
}

/** `Shell on router1`, and which of several it is, and how it ended. */
export function shellTitle({ entries, shown }: ShellPane): string {
  const index = entries.findIndex((entry) => sameShell(entry, shown));
  const entry = entries[index];
  if (entry === undefined) return 'Shell';
  const place = entries.length > 1 ? ` (${index + 1} of ${entries.length})` : '';
  const end = entry.ended === undefined ? '' : `: ${entry.ended}. Enter opens it anew, x closes`;
  return `${shellName(entry)}${place}${end}`;
}

export function shellName({ service, kind }: Pick<ShellEntry, 'service' | 'kind'>): string {
  return kind === 'system' ? `System shell on ${service}` : `Shell on ${service}`;
}
