/** What the terminal sent to a shell that has the keys: keystrokes as they came, or a paste without its marks. */
export interface RawPart {
  readonly kind: 'keys' | 'paste';
  readonly text: string;
}

/** The one key that does not go to the shell: Ctrl-] (GS), which no shell or editor of the course needs. */
export const prefixKey = '\u001D';

const ctrlC = '\u0003';
const pasteStart = '\u001B[200~';
const pasteEnd = '\u001B[201~';

export interface RawInput {
  /**
   * Takes a chunk of terminal input. `rest` is what follows a prefix key: it is not the shell's any more;
   * undefined where there is none. A paste is given when its end has come, in however many chunks.
   */
  take(chunk: string): { parts: readonly RawPart[]; rest: string | undefined };
}

export function createRawInput(): RawInput {
  /** The beginning of a paste whose end has not come yet. */
  let paste: string | undefined;
  return {
    take(chunk) {
      const parts: RawPart[] = [];
      let input = chunk;
      // As with keys: a paste whose end got lost must not swallow all that follows.
      if (input === ctrlC) paste = undefined;
      while (input !== '') {
        if (paste !== undefined) {
          paste += input;
          const end = paste.indexOf(pasteEnd);
          if (end < 0) return { parts, rest: undefined };
          parts.push({ kind: 'paste', text: paste.slice(0, end) });
          input = paste.slice(end + pasteEnd.length);
          paste = undefined;
          continue;
        }
        const begin = input.indexOf(pasteStart);
        const keys = begin < 0 ? input : input.slice(0, begin);
        const prefix = keys.indexOf(prefixKey);
        if (prefix >= 0) {
          if (prefix > 0) parts.push({ kind: 'keys', text: keys.slice(0, prefix) });
          return { parts, rest: input.slice(prefix + 1) };
        }
        if (keys !== '') parts.push({ kind: 'keys', text: keys });
        if (begin >= 0) paste = '';
        input = begin < 0 ? '' : input.slice(begin + pasteStart.length);
      }
      return { parts, rest: undefined };
    },
  };
}

/** What a program has asked of its terminal, as far as it concerns input. */
export interface InputModes {
  /** DECCKM: cursor keys are sent as SS3. */
  readonly applicationCursorKeys: boolean;
  readonly bracketedPaste: boolean;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const cursorKeys = /\u001B\[([ABCDFH])/g;

/** The bytes a program expects for a part of the input. The learner's terminal stays in its normal modes. */
export function forProgram({ kind, text }: RawPart, modes: InputModes): string {
  if (kind === 'paste') return pasted(text, modes);
  return modes.applicationCursorKeys ? text.replace(cursorKeys, '\u001BO$1') : text;
}

/** A text as a paste: with bracketed paste its line ends run nothing. Terminals send CR for a line end. */
export function pasted(text: string, { bracketedPaste }: Pick<InputModes, 'bracketedPaste'>): string {
  const lines = text.replace(/\r?\n/g, '\r');
  // An end mark inside would let the rest be typed.
  return bracketedPaste ? `${pasteStart}${lines.replaceAll(pasteEnd, '')}${pasteEnd}` : lines;
}
