import type { Collection, Db, Document } from 'mongodb';

/** One operation of the unified test format, done with the driver; returns what is compared with `expectResult`. */
export async function perform(
  target: Collection | Db,
  name: string,
  given: Readonly<Document> = {},
): Promise<unknown> {
  if (isDatabase(target)) return onDatabase(target, name, given);
  const { filter, ...afterFilter } = given;
  switch (name) {
    case 'find':
      return target.find(filter, afterFilter).toArray();
    case 'findOne':
      return target.findOne(filter, afterFilter);
    case 'aggregate': {
      const { pipeline, ...options } = given;
      return target.aggregate(pipeline, options).toArray();
    }
    case 'countDocuments':
      return target.countDocuments(filter, afterFilter);
    case 'count':
      return target.count(filter, afterFilter);
    case 'estimatedDocumentCount':
      return target.estimatedDocumentCount(given);
    case 'distinct': {
      const { fieldName, ...options } = afterFilter;
      return target.distinct(fieldName, filter, options);
    }
    case 'insertOne': {
      const { document, ...options } = given;
      return target.insertOne(document, options);
    }
    case 'insertMany': {
      const { documents, ...options } = given;
      return target.insertMany(documents, options);
    }
    case 'updateOne':
    case 'updateMany': {
      const { update, ...options } = afterFilter;
      return target[name](filter, update, options);
    }
    case 'replaceOne': {
      const { replacement, ...options } = afterFilter;
      return target.replaceOne(filter, replacement, options);
    }
    case 'deleteOne':
    case 'deleteMany':
      return target[name](filter, afterFilter);
    case 'findOneAndDelete':
      return target.findOneAndDelete(filter, afterFilter);
    case 'findOneAndReplace': {
      const { replacement, ...options } = afterFilter;
      return target.findOneAndReplace(filter, replacement, returning(options));
    }
    case 'findOneAndUpdate': {
      const { update, ...options } = afterFilter;
      return target.findOneAndUpdate(filter, update, returning(options));
    }
    case 'bulkWrite': {
      const { requests, ...options } = given;
      return bulkResult(await target.bulkWrite(requests, options));
    }
    case 'createIndex': {
      const { keys, ...options } = given;
      return target.createIndex(keys, options);
    }
    default:
      throw new Unsupported(name);
  }
}

async function onDatabase(database: Db, name: string, given: Readonly<Document>): Promise<unknown> {
  switch (name) {
    case 'aggregate': {
      const { pipeline, ...options } = given;
      return database.aggregate(pipeline, options).toArray();
    }
    case 'createCollection': {
      const { collection, ...options } = given;
      return void (await database.createCollection(collection, options));
    }
    case 'dropCollection':
      return database.dropCollection(given.collection);
    case 'modifyCollection': {
      const { collection, ...options } = given;
      return database.command({ collMod: collection, ...options });
    }
    default:
      throw new Unsupported(name);
  }
}

/** An operation that this runner cannot do: its test is left out. */
export class Unsupported extends Error {
  constructor(readonly operation: string) {
    super(`this runner has no operation ${operation}`);
  }
}

/** The driver's result has some of its values behind getters. */
export function bulkResult(result: Document): Document {
  const { deletedCount, insertedCount, matchedCount, modifiedCount, upsertedCount } = result;
  const { insertedIds, upsertedIds } = result;
  return {
    deletedCount,
    insertedCount,
    matchedCount,
    modifiedCount,
    upsertedCount,
    insertedIds,
    upsertedIds,
  };
}

function returning({ returnDocument, ...options }: Document): Document {
  return returnDocument === undefined
    ? options
    : { ...options, returnDocument: String(returnDocument).toLowerCase() };
}

function isDatabase(target: Collection | Db): target is Db {
  return 'createCollection' in target;
}
