import { existsSync, rmSync, statSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { objectPath } from './objects.js';
import { captureTree, knownOf, type Tree, writeTree } from './tree.js';

/**
 * The process that reads and writes the data folders for checkpoints, beside the course, whose screen must not stand
 * still meanwhile; in containers it is the only one that sees the volumes.
 *
 * `agent.mjs capture DATA OBJECTS`: reads `{known}`, answers `{ready}` when everything has been copied once;
 * reads `seal`, copies what has changed since, answers `{tree}`; reads `tidy`, removes first copies that were
 * overtaken, answers `{tidied}`.
 * `agent.mjs write DATA OBJECTS`: reads `{tree}`, makes the folder hold just that, answers `{written}`.
 * Each message is one line of JSON. It ends with its input, so that it never outlives the command it works for.
 */
const [task, data = '', objects = ''] = process.argv.slice(2);
/** In a container the agent is root: it gives each object the owner of the objects' folder, which is the learner. */
const owner = process.getuid?.() === 0 && existsSync(objects) ? statSync(objects) : undefined;

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
  const stored = new Set<string>();
  const first = captureTree(data, objects, knownOf(known), {
    owner,
    onStored: (sha256) => stored.add(sha256),
  });
  await answer({ ready: first.length });
  if ((await next()) !== 'seal') return;
  const tree = captureTree(data, objects, knownOf(first), { owner });
  await answer({ tree });
  if ((await next()) !== 'tidy') return;
  // The second copy of a file replaces the first.
  for (const entry of tree) if (entry.kind === 'file') stored.delete(entry.sha256);
  for (const sha256 of stored) rmSync(objectPath(objects, sha256), { force: true });
  await answer({ tidied: stored.size });
}

async function write(): Promise<void> {
  const { tree } = JSON.parse(await next()) as { tree: Tree };
  writeTree(tree, objects, data, process.getuid?.() === 0);
  await answer({ written: tree.length });
}

const tasks: Readonly<Record<string, () => Promise<void>>> = { capture, write };

try {
  await tasks[task ?? '']?.();
} catch (cause) {
  const { code = '', path = '', message } = cause as NodeJS.ErrnoException;
  await answer({ error: { code, path, message } });
}
process.exit(0);
