import { createInterface } from 'node:readline';
import { captureTree, findDamage, type Known, knownOf, type Tree, writeTree } from './tree.js';

/**
 * The process that reads and writes the data folders for checkpoints, beside the course, whose screen must not stand
 * still meanwhile; in containers it is the only one that sees the volumes.
 *
 * `agent.mjs capture DATA OBJECTS [UID:GID]`: reads `{known}`, answers `{ready}` when everything has been copied once;
 * reads `seal`, copies what has changed since, answers `{tree}`.
 * `agent.mjs verify DATA OBJECTS`: reads `{tree}`, answers `{damaged}`: the first file whose object is not sound, or null.
 * `agent.mjs write DATA OBJECTS`: reads `{tree}`, makes the folder hold just that, answers `{written}`.
 * Each message is one line of JSON. It ends with its input, so that it never outlives the command it works for.
 */
const [task, data = '', objects = '', ids] = process.argv.slice(2);
const [uid, gid] = ids?.split(':').map(Number) ?? [];
const owner = uid !== undefined && gid !== undefined ? { uid, gid } : undefined;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();

async function next(): Promise<string> {
  const { value, done } = await lines.next();
  if (done) process.exit(0);
  return value;
}

/** Resolves when it has been handed on: a pipe may take less than a whole tree at once. */
function answer(message: object): Promise<void> {
  return new Promise((resolve) => process.stdout.write(`${JSON.stringify(message)}\n`, () => resolve()));
}

async function capture(): Promise<void> {
  const { known } = JSON.parse(await next()) as { known: Tree };
  const first = captureTree(data, objects, knownOf(known), owner);
  await answer({ ready: first.length });
  if ((await next()) !== 'seal') return;
  const seen: Known = knownOf(first);
  await answer({ tree: captureTree(data, objects, seen, owner) });
}

async function readTree(): Promise<Tree> {
  return (JSON.parse(await next()) as { tree: Tree }).tree;
}

async function verify(): Promise<void> {
  await answer({ damaged: findDamage(await readTree(), objects) ?? null });
}

async function write(): Promise<void> {
  const tree = await readTree();
  writeTree(tree, objects, data, process.getuid?.() === 0);
  await answer({ written: tree.length });
}

const tasks: Readonly<Record<string, () => Promise<void>>> = { capture, verify, write };

try {
  await tasks[task ?? '']?.();
} catch (cause) {
  const { code = '', path = '', message } = cause as NodeJS.ErrnoException;
  await answer({ error: { code, path, message } });
}
process.exit(0);
