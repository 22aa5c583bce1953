import { amountText } from '../lesson/figure.js';
import type { Figure } from './verdict.js';

/** What was predicted and what was measured, side by side: `you predicted 3 s, measured 11.2 s`. */
export function figureText({ state, unit, predicted, predictedBy, value }: Figure): string {
  if (state === 'unpredicted') return 'predict it first: answer the question';
  const measured = value === undefined ? 'not measured yet' : `measured ${amountText(value, unit)}`;
  if (predicted === undefined) return measured;
  const who = predictedBy === 'course' ? 'the course' : 'you';
  return `${who} predicted ${typeof predicted === 'number' ? amountText(predicted, unit) : predicted}, ${measured}`;
}
