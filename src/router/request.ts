/** From a client's message to a request that is safe to route: known command, known fields, no transaction. */
import { type CommandName, type CommandSpec, commandNamed, commands, refusals } from './commands/commands.js';
import { checkPipeline } from './commands/pipeline.js';
import {
  elementsOf,
  elementValue,
  exactElementValue,
  findElement,
  type RawElement,
  renamed,
  Type,
  verbatim,
} from './wire/document.js';
import { ServerError } from './wire/errors.js';
import type { Message, Sequence } from './wire/wire.js';

/** A command that has been looked at field by field. */
export interface Request {
  readonly command: CommandName;
  readonly spec: CommandSpec;
  readonly database: string;
  /** The body the elements lie in. */
  readonly body: Buffer;
  /** The element with the command's name. */
  readonly first: RawElement;
  /** The other elements that may be passed on. */
  readonly fields: readonly RawElement[];
  readonly sequences: readonly Sequence[];
  /** Stages of an aggregation, else empty. */
  readonly stages: ReadonlySet<string>;
}

const transactionRefusal =
  'course router: multi-document transactions are not supported through it. Keep what changes together in one document, ' +
  'or open the transaction on one shard’s replica set';

const noStages: ReadonlySet<string> = new Set();

/** What a generic field means for the router. */
const generic = new Map<string, 'pass' | 'strip' | 'transaction' | 'session' | 'database'>([
  ['$db', 'database'],
  ['lsid', 'session'],
  ['$clusterTime', 'pass'],
  ['$readPreference', 'pass'],
  ['maxTimeMS', 'pass'],
  ['comment', 'pass'],
  ['readConcern', 'pass'],
  ['writeConcern', 'pass'],
  // A retryable write's number aborts a mongod that gets it with a cluster command (transaction_router.cpp, 6.0.5):
  // the write is done once, without the retry's protection.
  ['txnNumber', 'strip'],
  ['stmtId', 'strip'],
  ['stmtIds', 'strip'],
  ['startTransaction', 'transaction'],
  ['autocommit', 'transaction'],
  // Internal commands are in no stable API.
  ['apiVersion', 'strip'],
  ['apiStrict', 'strip'],
  ['apiDeprecationErrors', 'strip'],
]);

/**
 * Looks at a message's command.
 * @throws ServerError if the command, a field or a pipeline stage is not known to be safe
 */
export function validateRequest(message: Message): Request {
  const { body } = message;
  const elements = elementsOf(body);
  const first = elements[0];
  if (!first) throw new ServerError('BadValue', 'a command needs a name');
  const command = commandNamed(first.name);
  if (!command) throw unknownCommand(first.name);
  const spec = commands[command];

  const fields: RawElement[] = [];
  let database: string | undefined;
  let stages = noStages;
  for (let i = 1; i < elements.length; i++) {
    const element = elements[i] as RawElement;
    const { name } = element;
    if (fields.some((field) => field.name === name)) {
      throw new ServerError('Location40413', `BSON field '${command}.${name}' is a duplicate field`);
    }
    if (spec.fields.has(name)) {
      if (name === 'pipeline') stages = checkPipeline(body, element);
      else if ((name === 'tailable' || name === 'awaitData') && truthy(body, element)) refuseTailable();
      else if (name === 'tailable' || name === 'awaitData' || name === 'oplogReplay') continue;
      fields.push(element);
      continue;
    }
    switch (generic.get(name)) {
      case 'pass':
        fields.push(element);
        break;
      case 'strip':
        break;
      case 'session':
        checkSession(body, element);
        fields.push(element);
        break;
      case 'database':
        if (element.type !== Type.string) throw new ServerError('TypeMismatch', '$db must be a string');
        database = body.toString('utf8', element.value + 4, element.end - 1);
        fields.push(element);
        break;
      case 'transaction':
        throw new ServerError('OperationNotSupportedInTransaction', transactionRefusal);
      default:
        if (!spec.fields.has('*')) {
          throw new ServerError('Location40415', `BSON field '${command}.${name}' is an unknown field.`);
        }
    }
  }
  if (database === undefined)
    throw new ServerError('Location40414', 'OP_MSG requests require a $db argument');
  checkDatabaseName(database);
  if (spec.adminOnly && database !== 'admin') {
    throw new ServerError('Unauthorized', `${command} may only be run against the admin database.`);
  }
  for (const { name } of message.sequences) {
    if (name !== spec.sequence) {
      throw new ServerError(
        'Location40415',
        `BSON field '${command}.${name}' is an unknown document sequence.`,
      );
    }
  }
  return { command, spec, database, body, first, fields, sequences: message.sequences, stages };
}

function unknownCommand(name: string): ServerError {
  const refusal = refusals.get(name);
  if (refusal) return new ServerError('CommandNotSupported', refusal);
  return new ServerError(
    'CommandNotFound',
    `no such command: '${name}'. This is the course router, which stands in for mongos and knows fewer commands`,
  );
}

function refuseTailable(): never {
  throw new ServerError(
    'CommandNotSupported',
    'course router: tailable cursors are not supported through it: open the cursor on a shard’s own mongod',
  );
}

function truthy(body: Buffer, element: RawElement): boolean {
  return element.type !== Type.boolean || body[element.value] !== 0;
}

/** Drivers' sessions have an `id` and no more; other fields make a mongod take it for a part of a transaction. */
function checkSession(body: Buffer, element: RawElement): void {
  const inner = element.type === Type.document ? elementsOf(body, element.value, element.end) : [];
  const id = inner[0];
  if (
    inner.length !== 1 ||
    id?.name !== 'id' ||
    id.type !== Type.binary ||
    body[id.value + 4] !== 4 ||
    body.readInt32LE(id.value) !== 16
  ) {
    throw new ServerError('BadValue', 'course router: lsid must be {id: UUID}');
  }
}

/** As MongoDB has it: not empty, shorter than 64 bytes, none of / \ . space " $ NUL. */
function checkDatabaseName(name: string): void {
  if (name === '' || Buffer.byteLength(name) >= 64 || /[/\\. "$\0]/.test(name)) {
    throw new ServerError('InvalidNamespace', `Invalid database name: '${name}'`);
  }
}

/** A field's element, if the request has it. */
export function fieldOf(request: Request, name: string): RawElement | undefined {
  return request.fields.find((field) => field.name === name);
}

/** A field's value with JavaScript types, or undefined. */
export function fieldValue(request: Request, name: string): unknown {
  const element = fieldOf(request, name);
  return element && elementValue(request.body, element);
}

/** A field's value with its exact BSON types, or undefined. */
export function exactField(request: Request, name: string): unknown {
  const element = fieldOf(request, name);
  return element && exactElementValue(request.body, element);
}

/** The string that the command names first: a collection, a namespace, a shard. @throws ServerError TypeMismatch */
export function target(request: Request): string {
  const { body, first } = request;
  if (first.type !== Type.string) {
    throw new ServerError(
      'InvalidNamespace',
      `collection name has invalid type for command '${request.command}'`,
    );
  }
  const name = body.toString('utf8', first.value + 4, first.end - 1);
  if (name === '' || name.includes('\0')) {
    throw new ServerError('InvalidNamespace', `Invalid namespace specified '${request.database}.${name}'`);
  }
  return name;
}

/** The request's elements as they are passed on, with the first one called `name`. `except`: field names left out. */
export function elementsAs(request: Request, name: string, except?: ReadonlySet<string>): Buffer[] {
  const parts = [renamed(request.body, request.first, name)];
  for (const field of request.fields) {
    if (!except?.has(field.name)) parts.push(verbatim(request.body, field));
  }
  return parts;
}

/** Looks at a command within another one (`explain: {…}`), in the same database. */
export function admitNested(request: Request): Request {
  const { body, first } = request;
  if (first.type !== Type.document)
    throw new ServerError('TypeMismatch', `'${request.command}' must be an object`);
  const inner = body.subarray(first.value, first.end);
  const named = findElement(inner, '$db')
    ? inner
    : withElement(inner, verbatim(body, fieldOf(request, '$db') as RawElement));
  const nested = validateRequest({ requestId: 0, moreToCome: false, body: named, sequences: [] });
  if (nested.database !== request.database) {
    throw new ServerError('BadValue', `Mismatched $db in ${request.command} command`);
  }
  return nested;
}

function withElement(document: Buffer, element: Buffer): Buffer {
  const joined = Buffer.concat([document.subarray(0, document.length - 1), element, Buffer.from([0])]);
  joined.writeInt32LE(joined.length, 0);
  return joined;
}
