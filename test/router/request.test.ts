import { BSON } from 'bson';
import { describe, expect, it } from 'vitest';
import { commandNamed, commands, refusals } from '../../src/router/commands/commands.js';
import {
  admitNested,
  elementsAs,
  exactField,
  fieldValue,
  target,
  validateRequest,
} from '../../src/router/request.js';
import { assemble, decode, encode } from '../../src/router/wire/document.js';
import type { Document } from '../../src/router/wire/document-type.js';

const session = { id: new BSON.UUID() };

const admitted = (command: Document) =>
  validateRequest({ requestId: 1, moreToCome: false, body: encode(command), sequences: [] });

const refused = (command: Document): { codeName: string; message: string } => {
  try {
    admitted(command);
  } catch (error) {
    return error as { codeName: string; message: string };
  }
  throw new Error('it was admitted');
};

describe('a command', () => {
  it('goes on under another name with its fields as they were', () => {
    const request = admitted({
      find: 'users',
      filter: { a: new BSON.Double(1) },
      lsid: session,
      maxTimeMS: 5,
      $db: 'shop',
    });
    expect(assemble(elementsAs(request, 'clusterFind'))).toEqual(
      encode({
        clusterFind: 'users',
        filter: { a: new BSON.Double(1) },
        lsid: session,
        maxTimeMS: 5,
        $db: 'shop',
      }),
    );
    expect(request).toMatchObject({ command: 'find', database: 'shop' });
    expect(target(request)).toBe('users');
  });

  it('loses what aborts a mongod or means nothing to its internal form', () => {
    const request = admitted({
      insert: 'users',
      documents: [{ a: 1 }],
      lsid: session,
      txnNumber: BSON.Long.fromNumber(4),
      stmtIds: [1],
      apiVersion: '1',
      apiStrict: true,
      $db: 'shop',
    });
    expect(decode(assemble(elementsAs(request, 'clusterInsert')))).toEqual({
      clusterInsert: 'users',
      documents: [{ a: 1 }],
      lsid: session,
      $db: 'shop',
    });
  });

  it.each(['ismaster', 'findandmodify', 'collstats', 'buildinfo'])('is known by its old name %s', (name) => {
    expect(commandNamed(name)).toBeDefined();
  });

  it.each([
    [{ clusterInsert: 'users', $db: 'shop' }, 'CommandNotFound', 'course router'],
    [{ _configsvrRemoveShard: 'shard1', $db: 'admin' }, 'CommandNotFound', 'course router'],
    [{ toString: 1, $db: 'admin' }, 'CommandNotFound', 'course router'],
    [{ __proto__x: 1, $db: 'admin' }, 'CommandNotFound', 'course router'],
    [
      { replSetGetStatus: 1, $db: 'admin' },
      'CommandNotSupported',
      'replSetGetStatus is not supported through mongos',
    ],
    [{ commitTransaction: 1, $db: 'admin' }, 'CommandNotSupported', 'transactions'],
    [{ find: 'users', shardVersion: {}, $db: 'shop' }, 'Location40415', "'find.shardVersion'"],
    [{ aggregate: 'users', fromMongos: true, $db: 'shop' }, 'Location40415', "'aggregate.fromMongos'"],
    [{ find: 'users', $configTime: 1, $db: 'shop' }, 'Location40415', '$configTime'],
    [
      { insert: 'users', startTransaction: true, $db: 'shop' },
      'OperationNotSupportedInTransaction',
      'replica set',
    ],
    [
      { insert: 'users', autocommit: false, $db: 'shop' },
      'OperationNotSupportedInTransaction',
      'replica set',
    ],
    [{ find: 'users', tailable: true, $db: 'shop' }, 'CommandNotSupported', 'tailable'],
    [{ find: 'users', awaitData: 1, $db: 'shop' }, 'CommandNotSupported', 'tailable'],
    [{ find: 'users', lsid: { ...session, txnNumber: 1 }, $db: 'shop' }, 'BadValue', 'lsid'],
    [{ find: 'users', lsid: { id: 'text' }, $db: 'shop' }, 'BadValue', 'lsid'],
    [{ find: 'users', lsid: { id: new BSON.Binary(Buffer.alloc(16), 0) }, $db: 'shop' }, 'BadValue', 'lsid'],
    [{ find: 'users', lsid: 5, $db: 'shop' }, 'BadValue', 'lsid'],
    [{ find: 'users' }, 'Location40414', '$db'],
    [{ find: 'users', $db: 5 }, 'TypeMismatch', '$db'],
    [{ find: 'users', $db: 'a b' }, 'InvalidNamespace', 'database name'],
    [{ find: 'users', $db: '' }, 'InvalidNamespace', 'database name'],
    [{ addShard: 'x', $db: 'shop' }, 'Unauthorized', 'admin database'],
    [{ aggregate: 'users', pipeline: 'x', $db: 'shop' }, 'TypeMismatch', 'array'],
    [{}, 'BadValue', 'name'],
  ] as const)('%o is refused with %s', (command, codeName, message) => {
    const error = refused(command);
    expect(error.codeName).toBe(codeName);
    expect(error.message).toContain(message);
  });

  it('is refused with the same field twice', () => {
    const once = encode({ find: 'users', $db: 'shop' });
    const twice = Buffer.concat([once.subarray(0, -1), encode({ $db: 'config' }).subarray(4)]);
    twice.writeInt32LE(twice.length, 0);
    const message = { requestId: 1, moreToCome: false, body: twice, sequences: [] };
    expect(() => validateRequest(message)).toThrow('duplicate field');
  });

  it('takes a document sequence only where it belongs', () => {
    const sequences = [{ name: 'documents', bytes: Buffer.alloc(0) }];
    const body = (command: Document) => ({
      requestId: 1,
      moreToCome: false,
      body: encode(command),
      sequences,
    });
    expect(validateRequest(body({ insert: 'users', $db: 'shop' })).sequences).toBe(sequences);
    expect(() => validateRequest(body({ update: 'users', $db: 'shop' }))).toThrow('document sequence');
  });

  it('names a collection, or is refused when it is asked for', () => {
    for (const name of [5, '', { a: 1 }, 'a\0b']) {
      const request = admitted({ count: name, $db: 'shop' });
      expect(() => target(request)).toThrow(expect.objectContaining({ codeName: 'InvalidNamespace' }));
    }
  });

  it('gives fields their values', () => {
    const request = admitted({ count: 'users', limit: new BSON.Double(5), $db: 'shop' });
    expect(fieldValue(request, 'limit')).toBe(5);
    expect(exactField(request, 'limit')).toEqual(new BSON.Double(5));
    expect(fieldValue(request, 'skip')).toBeUndefined();
  });
});

describe('a pipeline', () => {
  const stagesOf = (pipeline: unknown[]) => [
    ...admitted({ aggregate: 'users', pipeline, cursor: {}, $db: 'shop' }).stages,
  ];
  const inPipeline = (pipeline: unknown[]) =>
    refused({ aggregate: 'users', pipeline, cursor: {}, $db: 'shop' });

  it('is looked through with its sub-pipelines', () => {
    expect(
      stagesOf([
        { $match: { $changeStream: 'only a field here' } },
        { $lookup: { from: 'x', pipeline: [{ $sort: { a: 1 } }], as: 'y' } },
        { $facet: { a: [{ $count: 'n' }], b: [{ $unionWith: { coll: 'z', pipeline: [{ $limit: 1 }] } }] } },
        { $merge: 'out' },
      ]),
    ).toEqual(['$match', '$lookup', '$sort', '$facet', '$count', '$unionWith', '$limit', '$merge']);
  });

  it.each([
    [[{ $changeStream: {} }]],
    [[{ $lookup: { from: 'x', pipeline: [{ $changeStream: {} }], as: 'y' } }]],
    [[{ $facet: { a: [{ $match: {} }], b: [{ $changeStream: {} }] } }]],
    [[{ $unionWith: { coll: 'x', pipeline: [{ $facet: { a: [{ $changeStream: {} }] } }] } }]],
  ])('with a change stream anywhere is refused: %j', (pipeline) => {
    expect(inPipeline(pipeline)).toMatchObject({
      codeName: 'CommandNotSupported',
      message: expect.stringContaining('change streams'),
    });
  });

  it('with a stage of the servers’ own is refused', () => {
    for (const stage of [
      '$mergeCursors',
      '$_internalInhibitOptimization',
      '$nothing',
      '$listLocalSessions',
    ]) {
      expect(inPipeline([{ [stage]: {} }])).toMatchObject({ codeName: 'Location40324' });
    }
    expect(inPipeline(['text'])).toMatchObject({ codeName: 'TypeMismatch' });
  });

  it('is refused when nested without end', () => {
    let pipeline: unknown[] = [{ $limit: 1 }];
    for (let depth = 0; depth < 30; depth += 1) pipeline = [{ $unionWith: { coll: 'x', pipeline } }];
    expect(inPipeline(pipeline)).toMatchObject({ codeName: 'BadValue' });
  });
});

describe('an explained command', () => {
  const nested = (inner: unknown, db = 'shop') => admitNested(admitted({ explain: inner, $db: db }));

  it('is looked at as if it came alone', () => {
    expect(nested({ find: 'users' })).toMatchObject({ command: 'find', database: 'shop' });
    expect(nested({ find: 'users', $db: 'shop' }).database).toBe('shop');
    expect(() => nested({ clusterFind: 'users' })).toThrow(
      expect.objectContaining({ codeName: 'CommandNotFound' }),
    );
    expect(() => nested({ find: 'users', $db: 'config' })).toThrow('Mismatched $db');
    expect(() => nested({ aggregate: 'x', pipeline: [{ $changeStream: {} }] })).toThrow('change streams');
    expect(() => nested('text')).toThrow(expect.objectContaining({ codeName: 'TypeMismatch' }));
  });
});

describe('the table of commands', () => {
  it('has no internal command and refuses nothing that it knows', () => {
    for (const name of Object.keys(commands)) {
      expect(name).not.toMatch(/^(_|cluster)/);
      expect(refusals.has(name)).toBe(false);
    }
  });

  it('lets no command carry a field that changes its nature', () => {
    const forbidden = [
      'txnNumber',
      'startTransaction',
      'autocommit',
      'shardVersion',
      'databaseVersion',
      'fromMongos',
      'needsMerge',
      'runtimeConstants',
      'exchange',
    ];
    for (const { fields } of Object.values(commands)) {
      for (const field of forbidden) expect(fields.has(field)).toBe(false);
    }
  });
});
