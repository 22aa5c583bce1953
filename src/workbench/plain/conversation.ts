import type { LineReader } from './line-reader.js';

interface ConversationOptions {
  readonly lines: LineReader;
  /** False where the input is a pipe: then what is read is printed, so that the output can be followed alone. */
  readonly terminal: boolean;
  readonly print: (text: string) => void;
}

export interface Conversation {
  /** Says lines; while the learner is being asked, on lines of their own, and the prompt again after them. */
  say(...lines: readonly string[]): void;
  /** Asks for a line; undefined at the end of the input. */
  ask(question?: string): Promise<string | undefined>;
}

const prompt = '> ';

export function createConversation({ lines, terminal, print }: ConversationOptions): Conversation {
  let asking = false;
  const printLines = (said: readonly string[]): void => print(said.map((line) => `${line}\n`).join(''));

  return {
    say(...said) {
      if (said.length === 0) return;
      if (!asking) return printLines(said);
      print('\n');
      printLines(said);
      print(prompt);
    },
    async ask(question) {
      if (question !== undefined) printLines([question]);
      asking = terminal;
      if (terminal) print(prompt);
      const line = await lines.next();
      asking = false;
      if (!terminal && line !== undefined) printLines([prompt + line]);
      return line;
    },
  };
}
