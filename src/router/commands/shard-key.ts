/** Shard keys as values: what a query or a document says of one, and how a hashed field is stored. */
import { BSON } from 'bson';
import type { Document } from '../wire/document-type.js';

/** Marks that a path is not given by a plain value. */
const none = Symbol('none');

/** Query operators; a document whose first key is one of them is no plain value. */
function isOperator(value: unknown): value is Document {
  return isPlainObject(value) && (Object.keys(value)[0] ?? '').startsWith('$');
}

function isPlainObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}

function plain(value: unknown): unknown {
  if (isOperator(value))
    return Object.keys(value).length === 1 && '$eq' in value ? plainOrNone(value.$eq) : none;
  return plainOrNone(value);
}

/** Arrays and regular expressions match more than one value, so they name no shard key. */
function plainOrNone(value: unknown): unknown {
  return Array.isArray(value) || value instanceof BSON.BSONRegExp || value instanceof RegExp ? none : value;
}

function atPath(filter: Document, path: string): unknown {
  if (Object.hasOwn(filter, path)) return plain(filter[path]);
  for (const clause of Array.isArray(filter.$and) ? filter.$and : []) {
    const value = isPlainObject(clause) ? atPath(clause, path) : none;
    if (value !== none) return value;
  }
  const dot = path.indexOf('.');
  const inner = dot > 0 ? filter[path.slice(0, dot)] : undefined;
  return isPlainObject(inner) && !isOperator(inner) ? atPath(inner, path.slice(dot + 1)) : none;
}

/**
 * The values that `filter` demands of every field of the shard key's `pattern`, as `{field: value}` in the pattern's
 * order, or undefined if one field is not demanded to equal one value.
 */
export function equalityOn(pattern: Document, filter: Document): Document | undefined {
  const key: Document = {};
  for (const field of Object.keys(pattern)) {
    const value = atPath(filter, field);
    if (value === none) return undefined;
    key[field] = value;
  }
  return key;
}

/** Whether `key` has exactly the fields of `pattern`, in its order. */
export function matchesShardKeyFields(pattern: Document, key: Document): boolean {
  const fields = Object.keys(pattern);
  const given = Object.keys(key);
  return fields.length === given.length && fields.every((field, at) => field === given[at]);
}

/** The field of a pattern that is hashed, if one is. */
export function hashedField(pattern: Document): string | undefined {
  return Object.keys(pattern).find((field) => pattern[field] === 'hashed');
}
