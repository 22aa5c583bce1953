import type { SolveEvent } from '../../replay/solve.js';
import { typingTitle } from '../../replay/typing.js';
import { paint, say } from './output.js';
import { verdictLines } from './verdict-lines.js';

/** Prints what is typed, what the shell said, and how the checks stand: the log of `solve`, `goto` and `demo`. */
export function solveLines(): (event: SolveEvent) => void {
  return (event) => {
    if (event.kind === 'typed') {
      const { input, output } = event.typed;
      say(paint('cyan', `── ${typingTitle(event.typed)}`));
      for (const line of input.split('\n')) say(`  > ${line}`);
      if (output) for (const line of shortened(output.split('\n'))) say(paint('dim', `  ${line}`));
    }
    if (event.kind === 'verdict') for (const line of verdictLines(event.verdict)) say(line);
  };
}

/** The beginning and the end of what a shell said: an insert of a thousand documents lists a thousand ids. */
function shortened(lines: readonly string[]): readonly string[] {
  const [head, tail] = [8, 4];
  const left = lines.length - head - tail;
  if (left < 3) return lines;
  return [...lines.slice(0, head), `… ${left} more lines …`, ...lines.slice(-tail)];
}
