import { figureText } from '../../grading/figure.js';
import type { Figure } from '../../grading/verdict.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';

/** What a lesson measures, each with what was predicted beside what was measured; nothing where it measures nothing. */
export function figuresLines(figures: readonly Figure[], width: number): readonly string[] {
  if (figures.length === 0) return [];
  return [
    '',
    theme.heading('Measured'),
    ...figures.flatMap((figure) => wrapText(`${mark(figure)} ${figure.title}: ${figureText(figure)}`, width)),
  ];
}

function mark({ state }: Figure): string {
  return state === 'measured' ? theme.pass('✓') : theme.pending('○');
}
