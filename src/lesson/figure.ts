/** A measured or predicted amount, as it is read: `11.2 s`, `52.5 %`, `1,204 orders`. */
export function amountText(amount: number, unit: string): string {
  if (unit === 'ms') return timeText(amount);
  const rounded = amount.toLocaleString('en', { maximumFractionDigits: Math.abs(amount) < 1 ? 2 : 1 });
  // What is counted is named in the plural: `orders`.
  const named = rounded === '1' && unit.length > 1 ? unit.replace(/s$/, '') : unit;
  return named === '' ? rounded : `${rounded} ${named}`;
}

/** A time given in milliseconds, in what it is best read in: `830 ms`, `11.2 s`, `2 min 5 s`. */
export function timeText(milliseconds: number): string {
  const whole = Math.round(milliseconds);
  if (whole < 1_000) return `${whole} ms`;
  if (whole < 59_950) return `${(whole / 1_000).toFixed(1)} s`;
  const seconds = Math.round(whole / 1_000);
  const rest = seconds % 60;
  return `${Math.floor(seconds / 60)} min${rest === 0 ? '' : ` ${rest} s`}`;
}
