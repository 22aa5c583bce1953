import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { EJSON } from 'bson';
import type { Document } from 'mongodb';
import { parse } from 'yaml';

/** A file of the unified test format, as far as this runner reads it. */
export interface Specification {
  readonly description: string;
  readonly createEntities?: readonly Document[];
  readonly initialData?: readonly Contents[];
  readonly runOnRequirements?: readonly Requirement[];
  readonly tests: readonly Case[];
}

export interface Case {
  readonly description: string;
  readonly skipReason?: string;
  readonly runOnRequirements?: readonly Requirement[];
  readonly operations: readonly Operation[];
  readonly outcome?: readonly Contents[];
}

export interface Operation {
  readonly name: string;
  readonly object: string;
  readonly arguments?: Document;
  readonly expectResult?: unknown;
  readonly expectError?: Document;
  readonly ignoreResultAndError?: boolean;
}

export interface Contents {
  readonly collectionName: string;
  readonly databaseName: string;
  readonly documents: Document[];
}

interface Requirement {
  readonly minServerVersion?: string;
  readonly maxServerVersion?: string;
  readonly topologies?: readonly string[];
  readonly serverless?: string;
  readonly auth?: boolean;
}

/** All specifications in a folder; where a file is there as JSON and as YAML it is read once. */
export function readSpecifications(folder: string): readonly Specification[] {
  const files = readdirSync(folder).filter((name) => /\.(json|ya?ml)$/.test(name));
  const isTwice = (name: string): boolean =>
    !name.endsWith('.json') && files.includes(name.replace(/ya?ml$/, 'json'));
  return files
    .filter((name) => !isTwice(name))
    .sort()
    .map((name) => {
      const text = readFileSync(join(folder, name), 'utf8');
      const json = name.endsWith('.json') ? text : JSON.stringify(parse(text, { merge: true }));
      return EJSON.parse(json) as Specification;
    });
}

/** Why a test is not for this cluster, or not for this runner; undefined where it is for both. */
export function whyLeftOut(file: Specification, test: Case, version: string): string | undefined {
  if (test.skipReason !== undefined) return test.skipReason;
  if (!allows(file.runOnRequirements, version) || !allows(test.runOnRequirements, version)) {
    return 'another version or topology';
  }
  if (test.operations.some(({ object }) => object === 'testRunner')) return 'wants a fail point';
  if (test.operations.some(({ name }) => name === 'clientBulkWrite')) return 'is of MongoDB 8.0';
  if (test.operations.some(insertsNullId)) return 'this driver gives an _id to what has the _id null';
  if (test.operations.some(readsOwnSessions))
    return 'asks mongos for its own sessions, and the router has none';
  return undefined;
}

/** Node's driver takes an `_id` of null for a missing one, and sends an ObjectId instead. */
function insertsNullId({ arguments: given }: Operation): boolean {
  const requests: readonly Document[] = given?.requests ?? [];
  const inserted: readonly (Document | undefined)[] = [
    given?.document,
    ...(given?.documents ?? []),
    ...requests.map(({ insertOne }) => insertOne?.document),
  ];
  return inserted.some((document) => document?._id === null);
}

function readsOwnSessions({ arguments: given }: Operation): boolean {
  const stages: readonly Document[] = given?.pipeline ?? [];
  return stages.some((stage) => '$listLocalSessions' in stage);
}

function allows(requirements: readonly Requirement[] | undefined, version: string): boolean {
  if (!requirements) return true;
  return requirements.some(
    ({ minServerVersion, maxServerVersion, topologies, serverless, auth }) =>
      (minServerVersion === undefined || compare(version, minServerVersion) >= 0) &&
      (maxServerVersion === undefined || compare(version, maxServerVersion) <= 0) &&
      (topologies === undefined || topologies.some((one) => one.startsWith('sharded'))) &&
      serverless !== 'require' &&
      auth !== true,
  );
}

/** `6.0.99` is after every 6.0. */
function compare(one: string, other: string): number {
  const parts = (text: string): number[] => text.split('.').map(Number);
  const [left, right] = [parts(one), parts(other)];
  for (let index = 0; index < 3; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
