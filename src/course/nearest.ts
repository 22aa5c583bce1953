import { closest } from 'fastest-levenshtein';

/** Of the ids in `known`, the one nearest to what was typed, with or without its stage: for "did you mean". */
export function nearest(typed: string, known: readonly string[]): string {
  const names = new Map(
    known.flatMap((id) => [[id, id] as const, [id.split('/').at(-1) ?? id, id] as const]),
  );
  return names.get(closest(typed, [...names.keys()])) ?? '';
}
