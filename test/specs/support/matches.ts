import { isDeepStrictEqual } from 'node:util';

/** What is wrong with `actual` by the rules of the unified test format, or undefined where it matches. */
export function mismatch(expected: unknown, actual: unknown, root = true): string | undefined {
  if (isRecord(expected)) {
    const [operator] = Object.keys(expected);
    if (operator === '$$unsetOrMatches') {
      return actual === undefined || actual === null ? undefined : mismatch(expected[operator], actual, root);
    }
    if (operator === '$$exists') {
      return (actual !== undefined) === expected[operator] ? undefined : `exists: ${actual !== undefined}`;
    }
    if (operator === '$$type') return actual === undefined ? 'is missing' : undefined;
    if (!isRecord(actual)) return `${shown(actual)} is no document`;
    for (const [name, value] of Object.entries(expected)) {
      const wrong = mismatch(value, actual[name], false);
      if (wrong !== undefined) return `${name}: ${wrong}`;
    }
    // Only at the top may there be more than is expected.
    const more = root ? undefined : Object.keys(actual).find((name) => !(name in expected));
    return more === undefined ? undefined : `${more} is too many`;
  }
  if (Array.isArray(expected)) {
    if (!Array.isArray(actual)) return `${shown(actual)} is no list`;
    if (actual.length !== expected.length) return `${actual.length} entries, not ${expected.length}`;
    for (const [index, value] of expected.entries()) {
      const wrong = mismatch(value, actual[index], root);
      if (wrong !== undefined) return `${index}: ${wrong}`;
    }
    return undefined;
  }
  return isDeepStrictEqual(plain(expected), plain(actual))
    ? undefined
    : `${shown(actual)} instead of ${shown(expected)}`;
}

/** Numbers of different types are equal when their values are. */
function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  const boxed = value as { _bsontype?: string; valueOf(): unknown; toString(): string } | null | undefined;
  if (boxed?._bsontype === undefined) return value;
  return ['Int32', 'Double', 'Long'].includes(boxed._bsontype) ? Number(boxed.valueOf()) : boxed.toString();
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    (value as { _bsontype?: string })._bsontype === undefined
  );
}

function shown(value: unknown): string {
  return JSON.stringify(value) ?? 'nothing';
}
