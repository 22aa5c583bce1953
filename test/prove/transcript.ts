import type { GotoEvent } from '../../src/replay/goto-event.js';
import type { SolveEvent } from '../../src/replay/solve.js';
import { type Typed, type Typing, typingTitle } from '../../src/replay/typing.js';

/** All that was typed in one test, with what was answered: it says most of the time why a check is not passed. */
export interface Transcript {
  typing(typing: Typing): void;
  typed(typed: Typed): void;
  /** For `solve`. */
  readonly onEvent: (event: SolveEvent) => void;
  /** For `goTo`: also how it came to the lesson. */
  readonly onGoto: (event: GotoEvent) => void;
  /** How often an exam was begun. */
  exams(): number;
  text(): string;
}

const examCommand = 'mongo-scale-course exam start';

export function openTranscript(): Transcript {
  const lines: string[] = [];
  let exams = 0;
  const typing = (step: Typing): void => {
    if (step.how === 'command' && step.input.startsWith(examCommand)) exams += 1;
    lines.push(`-- ${typingTitle(step)}:`, step.input);
  };
  const typed = ({ output }: Typed): void => {
    if (output.trim() !== '') lines.push('-- answered:', output.trim());
  };
  const onEvent = (event: Pick<SolveEvent, 'kind'> | GotoEvent): void => {
    if ('typing' in event) typing(event.typing);
    if ('typed' in event) typed(event.typed);
  };
  return {
    typing,
    typed,
    onEvent,
    onGoto(event) {
      onEvent(event);
      if (event.kind === 'rebuild') lines.push(`== an empty lab: ${event.reason}`);
      if (event.kind === 'restore')
        lines.push(`== checkpoint ${event.name}: ${event.reason ?? 'it is nearer'}`);
      if (event.kind === 'unusable') lines.push(`== not usable: ${event.name}: ${event.problem.message}`);
      if (event.kind === 'replay') lines.push(`== ${event.lesson}: ${event.phase}`);
    },
    exams: () => exams,
    text: () => lines.join('\n'),
  };
}

/** Does the work; where it fails, the failure's message also has all that was typed. */
export async function withTranscript(work: (transcript: Transcript) => Promise<void>): Promise<void> {
  const transcript = openTranscript();
  try {
    await work(transcript);
  } catch (error) {
    if (error instanceof Error && transcript.text() !== '') {
      error.message = `${error.message}\n\nTyped so far:\n${transcript.text()}\n`;
    }
    throw error;
  }
}
