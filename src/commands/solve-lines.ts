import type { SolveEvent } from '../grading/solve.js';
import { paint, say } from './output.js';
import { verdictLines } from './verdict-lines.js';

/** Prints what is typed, what the shell said, and how the checks stand: the log of `solve`, `goto` and `demo`. */
export function solveLines(): (event: SolveEvent) => void {
  return (event) => {
    if (event.kind === 'typed') {
      const { at, input, output } = event.typed;
      say(paint('cyan', `── typed on ${at}`));
      for (const line of input.split('\n')) say(`  > ${line}`);
      if (output) for (const line of output.split('\n')) say(paint('dim', `  ${line}`));
    }
    if (event.kind === 'verdict') for (const line of verdictLines(event.verdict)) say(line);
  };
}
