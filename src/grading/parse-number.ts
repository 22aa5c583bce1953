/**
 * What was typed as a number, as the course keeps it (`52.5`), or undefined. A comma stands for the decimal point
 * and the unit may follow. `50,000` and `50.000` are none: each is fifty thousand to one reader and fifty to another.
 */
export function readNumber(typed: string, unit: string): string | undefined {
  const text = typed.trim();
  const hasUnit = unit !== '' && text.toLowerCase().endsWith(unit.toLowerCase());
  const amount = hasUnit ? text.slice(0, -unit.length).trimEnd() : text;
  if (!/^[+-]?(\d+([.,]\d*)?|[.,]\d+)$/.test(amount) || isAmbiguous(amount)) return undefined;
  const value = Number(amount.replace(',', '.'));
  return Number.isFinite(value) ? String(value) : undefined;
}

/**
 * Whether an amount could also mean a thousand times as much. `1.234` could not: the course shows measured values with
 * three decimals, and a learner who copies one means a decimal point. Nobody types a decimal point and three zeros.
 */
function isAmbiguous(amount: string): boolean {
  return /^[+-]?[1-9]\d{0,2}(,\d{3}|\.000)$/.test(amount);
}
