import type * as z from 'zod';
import type { Fault, KeyPath } from './compose-file.js';
import { isRecord } from './compose-schema.js';

type Issue = z.core.$ZodIssue;

/**
 * The schema's complaints in a reader's words, each with the very key it is about.
 * @param content what was held against the schema
 */
export function schemaFaults(error: z.ZodError, content: unknown): readonly Fault[] {
  const faults = error.issues.flatMap((issue) => faultsOf(issue, [], content));
  // A service in the wrong section is one fault, however many keys it has there.
  return [...new Map(faults.map((fault) => [JSON.stringify(fault), fault])).values()];
}

function faultsOf(issue: Issue, above: KeyPath, content: unknown): readonly Fault[] {
  const path = [...above, ...(issue.path as KeyPath)];
  const misplaced = path[0] === 'volumes' ? misplacedAt(path.slice(0, 2), content) : undefined;
  if (misplaced) return [misplaced];
  if (issue.code === 'unrecognized_keys') {
    const message = 'not supported: the runtimes cannot honour this key';
    return issue.keys.map((key) => misplacedAt([...path, key], content) ?? { path: [...path, key], message });
  }
  if (issue.code === 'invalid_union') {
    const meant = meantOption(issue.errors);
    if (meant) return meant.flatMap((inner) => faultsOf(inner, path, content));
  }
  if (issue.code === 'invalid_value') {
    return [{ path, message: `has to be ${issue.values.map((value) => `'${String(value)}'`).join(' or ')}` }];
  }
  return [{ path, message: sentence(issue, path, valueAt(content, path)) }];
}

/** Of several forms the one that this value has, so that only what is wrong inside of it is told. */
function meantOption(options: readonly (readonly Issue[])[]): readonly Issue[] | undefined {
  const ofThisForm = options.filter((issues) =>
    issues.every(({ code, path }) => path.length > 0 || code === 'unrecognized_keys'),
  );
  return ofThisForm.length === 1 ? ofThisForm[0] : undefined;
}

function sentence(issue: Issue, path: KeyPath, value: unknown): string {
  const [section, name, key] = path;
  const nothing = value === undefined || value === null;
  if (issue.code === 'invalid_key') {
    return `'${String(name)}' cannot be the name of a service here: it has to be lower case letters and digits and begin with a letter, as shard3a`;
  }
  if (path.length === 0)
    return nothing ? 'the file is empty' : `has to be a map of name, services and volumes`;
  if (path.length === 1 && section === 'name' && nothing) {
    return 'the file needs a name at its top: "name: mongo-scale-course"';
  }
  if (path.length === 1 && section === 'services' && nothing) {
    if (value === undefined) return 'the file has no "services:", with a service below it';
    return 'has no service in it; each begins two spaces deeper than "services:"';
  }
  if (section === 'services' && path.length === 2 && nothing) {
    return `has nothing in it; its keys begin two spaces deeper than "${String(name)}:"`;
  }
  if (section === 'services' && path.length === 3 && nothing && typeof key === 'string') {
    const needed = neededKeys[key];
    if (needed !== undefined) return needed;
  }
  if (section === 'volumes' && path.length === 2) {
    return `a volume has nothing after its colon: "${String(name)}:"`;
  }
  return nothing ? `has no value; ${expectedForm(issue)}` : `is ${formOf(value)}; ${expectedForm(issue)}`;
}

const neededKeys: Readonly<Record<string, string>> = {
  image: 'a service needs an image; "<<: *mongo" takes over that of the other MongoDB servers',
  command: 'a service needs a command: the program that it runs, with its arguments',
  ports: 'a service needs at least one port, as in ports: ["127.0.0.1:27131:27131"]',
};

function expectedForm(issue: Issue): string {
  if (issue.code !== 'invalid_type' && issue.code !== 'invalid_union') return issue.message;
  const forms = new Set(formsOf(issue).map((form) => formNames[form] ?? form));
  return `expected ${[...forms].join(' or ') || 'a text'}`;
}

/** The types that a value could have, through unions of unions. */
function formsOf(issue: Issue): readonly string[] {
  if (issue.code === 'invalid_type') return [issue.expected];
  if (issue.code !== 'invalid_union') return [];
  return issue.errors.flatMap((issues) => issues.filter(({ path }) => path.length === 0).flatMap(formsOf));
}

const formNames: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a text',
  boolean: 'a text',
  array: 'a list',
  object: 'a map',
  record: 'a map',
  null: 'nothing',
};

function formOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  return isRecord(value) ? 'a map' : `'${String(value)}'`;
}

/** A service in the list of volumes, or at the top of the file: appended at its end, or indented too little. */
function misplacedAt(path: KeyPath, content: unknown): Fault | undefined {
  const inVolumes = path[0] === 'volumes' && path.length === 2;
  const atTop = path.length === 1;
  if (!(inVolumes || atTop) || !looksLikeService(valueAt(content, path))) return undefined;
  const name = String(path.at(-1));
  const message = inVolumes
    ? `this is a service, and it is in the list of volumes: move it up, under "services:" and before "volumes:". The list of volumes gets only "${name}:"`
    : `this is a service, and it is beside "services:": indent it by two spaces, below the others`;
  return { path, message };
}

function looksLikeService(value: unknown): boolean {
  return isRecord(value) && ['image', 'command', 'ports'].some((key) => Object.hasOwn(value, key));
}

function valueAt(content: unknown, path: KeyPath): unknown {
  let value = content;
  for (const key of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}
