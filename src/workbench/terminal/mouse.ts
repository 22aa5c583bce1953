/** What the mouse did, and on which cell (from 0). */
export interface MouseAction {
  readonly kind: 'wheel-up' | 'wheel-down' | 'click';
  readonly column: number;
  readonly row: number;
}

/** Presses of buttons and the wheel, as SGR reports (xterm ctlseqs, "Mouse Tracking"). `leaveScreen` undoes it. */
export const reportMouse = '\u001B[?1000h\u001B[?1006h';

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const reports = /\u001B\[<(?<button>\d+);(?<column>\d+);(?<row>\d+)(?<end>[Mm])/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const unfinishedReport = /\u001B\[<[\d;]*$/;

/** Shift, Alt and Ctrl, as they are added to the button's number. */
const modifiers = 4 + 8 + 16;
const kinds: Readonly<Record<number, MouseAction['kind']>> = { 0: 'click', 64: 'wheel-up', 65: 'wheel-down' };

/**
 * Takes mouse reports out of terminal input: a shell that has the keys must not get them. `left` is the rest of
 * the input, `unfinished` the beginning of a report whose end has not come yet.
 */
export function takeMouse(input: string): {
  actions: readonly MouseAction[];
  left: string;
  unfinished: string;
} {
  const actions: MouseAction[] = [];
  for (const { groups } of input.matchAll(reports)) {
    const kind = kinds[Number(groups?.button) & ~modifiers];
    if (kind === undefined || groups?.end === 'm') continue;
    actions.push({ kind, column: Number(groups?.column) - 1, row: Number(groups?.row) - 1 });
  }
  const left = input.replace(reports, '');
  const unfinished = unfinishedReport.exec(left)?.[0] ?? '';
  return { actions, left: left.slice(0, left.length - unfinished.length), unfinished };
}
