const bars = '▁▂▃▄▅▆▇█';

/** Values as bars of one line, the highest full; `highest` is the least that a full bar stands for. */
export function sparkline(values: readonly number[], highest = 0): string {
  const full = Math.max(highest, ...values);
  return values
    .map((value) =>
      full === 0 ? bars[0] : bars[Math.min(bars.length - 1, Math.floor((value / full) * bars.length))],
    )
    .join('');
}
