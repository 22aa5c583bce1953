/** A key press: its name as the key table has it, and the text it would type, where it types any. */
export interface Key {
  /** `a`, `A`, `?`, `up`, `enter`, `ctrl+c`, `shift+tab`, `paste`, … */
  readonly name: string;
  readonly text?: string | undefined;
}

/** Sequences of xterm and of what follows it, in normal and in application mode (ctlseqs, "PC-Style Function Keys"). */
const sequences: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[7~': 'home',
  '[8~': 'end',
  '[3~': 'delete',
  '[5~': 'pageup',
  '[6~': 'pagedown',
  '[Z': 'shift+tab',
};

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007F': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
};

const pasteStart = '\u001B[200~';
const pasteEnd = '\u001B[201~';
// CSI: parameters, then one final byte. SS3: one byte. Also the start of either, still to be completed.
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const escapeSequence = /^\u001B(?:\[[0-9;?<]*[@-~]|O[A-Za-z])/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const unfinishedSequence = /^\u001B(?:\[[0-9;?<]*|O)?$/;

/** Whether a rest is of a paste: its end will come, however long that takes, and no part of it is a key. */
export function isOpenPaste(rest: string): boolean {
  return rest.startsWith(pasteStart.slice(0, -1));
}

/**
 * The first key of what a terminal sent, and how many characters stand for it; no key for a sequence that is not
 * known here. Undefined where the rest of a sequence has not come yet.
 */
export function nextKey(input: string): { key: Key | undefined; length: number } | undefined {
  if (input.startsWith(pasteStart)) {
    const end = input.indexOf(pasteEnd);
    if (end < 0) return undefined;
    return {
      key: { name: 'paste', text: input.slice(pasteStart.length, end) },
      length: end + pasteEnd.length,
    };
  }
  if (unfinishedSequence.test(input)) return undefined;
  const sequence = escapeSequence.exec(input)?.[0];
  if (sequence !== undefined) {
    const name = sequences[sequence.slice(1)];
    return { key: name === undefined ? undefined : { name }, length: sequence.length };
  }
  const character = String.fromCodePoint(input.codePointAt(0) as number);
  return { key: plainKey(character), length: character.length };
}

/** What to make of a rest that nothing followed in time: a lone ESC is the Escape key. Not for an open paste. */
export function flushKeys(rest: string): readonly Key[] {
  return rest === '\u001B' ? [{ name: 'escape' }] : [];
}

function plainKey(character: string): Key {
  const control = controls[character];
  if (control !== undefined) return { name: control, text: character === ' ' ? ' ' : undefined };
  if (character === '\u001B') return { name: 'escape' };
  const code = character.charCodeAt(0);
  // Ctrl with a letter, or with one of \ ] ^ _, which have no small form.
  if (code < 0x20) return { name: `ctrl+${String.fromCharCode(code + (code < 0x1b ? 0x60 : 0x40))}` };
  return { name: character, text: character };
}
