import { type Collection, type Db, type Document, MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RouterCluster, startCluster } from '../e2e/support/router-cluster.js';
import { mismatch } from './support/matches.js';
import { bulkResult, perform, Unsupported } from './support/operations.js';
import {
  type Case,
  type Contents,
  type Operation,
  readSpecifications,
  type Specification,
  whyLeftOut,
} from './support/specification.js';

/** mongodb/specifications, source/crud/tests/unified: not kept here, because they are not ours. */
const folder = process.env.MSC_CRUD_SPECS;

describe.skipIf(folder !== undefined)('the driver’s CRUD specification', () => {
  test('was not run: MSC_CRUD_SPECS names no folder with its files', ({ skip }) => skip());
});

describe.runIf(folder !== undefined)('the driver’s CRUD specification, through the router', () => {
  let cluster: RouterCluster;
  let plain: MongoClient;
  let version = '';
  beforeAll(async () => {
    cluster = await startCluster({ shards: { shard1: 1, shard2: 1 } });
    plain = await cluster.client();
    version = (await plain.db('admin').command({ buildInfo: 1 })).version;
    for (const shard of ['shard1', 'shard2']) {
      const known = await plain.db('admin').command({ listShards: 1 });
      expect(known.shards.map(({ _id }: Document) => _id)).toContain(shard);
    }
  });
  afterAll(() => cluster?.stop());

  for (const file of folder === undefined ? [] : readSpecifications(folder)) {
    describe(file.description, () => {
      for (const one of file.tests) {
        test(one.description, async ({ skip }) => {
          const reason = whyLeftOut(file, one, version);
          if (reason !== undefined) skip(reason);
          await fill(plain, file.initialData ?? []);
          const uri = uriOptions(file);
          const client = await new MongoClient(cluster.uri, { ...uri, monitorCommands: false }).connect();
          try {
            for (const operation of one.operations) await run(operation, file, client);
          } catch (error) {
            if (!(error instanceof Unsupported)) throw error;
            skip(error.message);
          } finally {
            await client.close();
          }
          await compareOutcome(plain, one);
        });
      }
    });
  }
});

async function fill(client: MongoClient, contents: readonly Contents[]): Promise<void> {
  for (const { databaseName, collectionName, documents } of contents) {
    const collection = client.db(databaseName).collection(collectionName);
    await collection.drop().catch(() => undefined);
    if (documents.length > 0) {
      await collection.insertMany(structuredClone(documents), { writeConcern: { w: 'majority' } });
    } else await client.db(databaseName).createCollection(collectionName);
  }
}

async function run(operation: Operation, file: Specification, client: MongoClient): Promise<void> {
  const { name, expectError, expectResult, ignoreResultAndError } = operation;
  const target = entity(file, operation.object, client);
  const given = structuredClone(operation.arguments ?? {});
  const outcome = await perform(target, name, given).then(
    (result) => ({ result }),
    (error) => ({ error }),
  );
  if ('error' in outcome && outcome.error instanceof Unsupported) throw outcome.error;
  if (ignoreResultAndError) return;
  if (expectError) {
    expect(outcome).toHaveProperty('error');
    compareError(expectError, (outcome as { error: Document }).error);
    return;
  }
  if ('error' in outcome) throw outcome.error;
  if (expectResult !== undefined) expect(mismatch(expectResult, outcome.result)).toBeUndefined();
}

function compareError(expected: Document, error: Document): void {
  const { errorCode, errorCodeName, errorContains, expectResult, isClientError } = expected;
  if (errorCode !== undefined) expect(error.code).toBe(errorCode);
  if (errorCodeName !== undefined) expect(error.codeName).toBe(errorCodeName);
  if (errorContains !== undefined) {
    expect(String(error.message).toLowerCase()).toContain(String(errorContains).toLowerCase());
  }
  if (isClientError !== undefined) {
    expect(['MongoServerError', 'MongoBulkWriteError'].includes(error.name)).toBe(!isClientError);
  }
  if (expectResult !== undefined) {
    expect(mismatch(expectResult, error.result && bulkResult(error.result))).toBeUndefined();
  }
}

async function compareOutcome(client: MongoClient, { outcome = [] }: Case): Promise<void> {
  for (const { databaseName, collectionName, documents } of outcome) {
    const found = await client
      .db(databaseName)
      .collection(collectionName)
      .find({}, { sort: { _id: 1 } })
      .toArray();
    expect(mismatch(documents, found, false)).toBeUndefined();
  }
}

/** The database or collection of this name in the file's list, opened on the client. */
function entity(file: Specification, id: string, client: MongoClient): Collection | Db {
  const entities = file.createEntities ?? [];
  const find = (kind: string, wanted: string): Document | undefined =>
    entities.map((one) => one[kind]).find((one) => one?.id === wanted);
  const collection = find('collection', id);
  const database = find('database', collection?.database ?? id);
  if (!database) throw new Unsupported(`on ${id}`);
  const opened = client.db(database.databaseName, database.databaseOptions);
  return collection ? opened.collection(collection.collectionName, collection.collectionOptions) : opened;
}

/** Options of the only client, in the driver's form. */
function uriOptions({ createEntities = [] }: Specification): Document {
  return createEntities.find(({ client }) => client !== undefined)?.client.uriOptions ?? {};
}
