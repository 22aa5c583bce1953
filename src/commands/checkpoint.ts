import { Command } from 'commander';
import { loadCatalog } from '../course/catalog.js';
import type { Home } from '../home.js';
import { prepareHome, resolveHome } from '../home.js';
import { exportCheckpoint } from '../lab/checkpoint/archive.js';
import { importCheckpoint } from '../lab/checkpoint/archive-import.js';
import { withCheckpointLock } from '../lab/checkpoint/checkpoint-lock.js';
import type { Manifest } from '../lab/checkpoint/manifest.js';
import { demandCheckpointName } from '../lab/checkpoint/name.js';
import { whyUnfit } from '../lab/checkpoint/restore.js';
import { bytesOf } from '../lab/checkpoint/size.js';
import { findCheckpoint, readShelf, removeCheckpoints, unknownCheckpoint } from '../lab/checkpoint/store.js';
import { checkpointUsage, measureCheckpoints, mebibytes, usageSentence } from '../lab/checkpoint/usage.js';
import type { Lesson } from '../lesson/lesson.js';
import { usageProblem } from '../problem.js';
import {
  entryOf,
  listCheckpoints,
  restoreSaved,
  saveCheckpoint,
  unusableHere,
} from '../replay/saved-checkpoints.js';
import { withCourse } from './course-context.js';
import { withGotoLines } from './goto.js';
import { openOwnLab, withInterruption } from './lab-context.js';
import { type CommonOptions, optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';
import { progressLines } from './output/progress-lines.js';
import { table } from './output/table.js';
import { statusOf } from './status.js';

export function checkpointCommand(command: Command): Command {
  return command
    .addCommand(saveCommand())
    .addCommand(listCommand())
    .addCommand(restoreCommand())
    .addCommand(exportCommand())
    .addCommand(importCommand())
    .addCommand(removeCommand())
    .addHelpText(
      'after',
      `
Examples:
  mongo-scale-course checkpoint save before-drop
  mongo-scale-course checkpoint restore before-drop
  mongo-scale-course checkpoint export room.tgz before-drop`,
    );
}

function saveCommand(): Command {
  return new Command('save')
    .description('keep the lab as it is now, with your files; its servers go on running')
    .argument('<name>')
    .option('--force', 'replace the checkpoint of this name', false)
    .action(async (name: string, _: unknown, command: Command) => {
      const options = optionsOf<{ force: boolean }>(command);
      demandCheckpointName(name);
      await withCourse(options, async (context) => {
        const manifest = await withWait(options.json, { name, doing: 'saving the checkpoint' }, () =>
          saveCheckpoint(context, name, options),
        );
        const entry = entryOf(manifest, bytesOf(context.lab.home, manifest), undefined);
        if (options.json) return sayJson(entry);
        say(`Saved ${name}: ${whereIs(manifest)}, ${await size(entry.bytes)}.`);
        say(`Go back to it: mongo-scale-course checkpoint restore ${name}`);
      });
    });
}

function listCommand(): Command {
  return new Command('list')
    .description('all checkpoints, and whether each can be restored here')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf(command);
      const lab = await openOwnLab(options);
      const { checkpoints, damaged } = await listCheckpoints(lab);
      const usage = checkpointUsage(lab.home);
      if (options.json) return sayJson({ checkpoints, damaged, bytes: usage.bytes, budget: usage.budget });
      if (usage.count === 0) return say('No checkpoints. Take one: mongo-scale-course checkpoint save NAME');
      const rows = await Promise.all(
        checkpoints.map(async ({ name, kind, lesson, takenAt, bytes, reason }) => [
          name,
          lesson,
          whenTaken(takenAt),
          await size(bytes),
          kind === 'auto' ? 'automatic' : 'saved',
          reason === null ? 'fits' : `does not fit: ${reason}`,
        ]),
      );
      const broken = damaged.map(({ name, reason }) => [name, '', '', '', '', `damaged: ${reason}`]);
      for (const line of table([...rows, ...broken])) say(line.trimEnd());
      say(`${usageSentence(usage)}. Equal files are kept once. Automatic ones go first when room is needed.`);
    });
}

function restoreCommand(): Command {
  return new Command('restore')
    .description('bring the lab back to a checkpoint; files that you changed are kept beside')
    .argument('<name>')
    .action(async (name: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      await withCourse(options, async ({ lab, catalog, signal }) => {
        const manifest = findCheckpoint(lab.home, name);
        await withGotoLines(options.json, (onEvent) =>
          restoreSaved({ lab, catalog, onEvent, signal }, manifest),
        );
        if (options.json)
          return sayJson({ checkpoint: name, lesson: manifest.lesson, ...(await statusOf(lab)) });
        say(`The lab is as in the checkpoint ${name}: ${whereIs(manifest)}.`);
      });
    });
}

function exportCommand(): Command {
  return new Command('export')
    .description('write a checkpoint into one file, for another machine or another learner')
    .argument('<file>', 'for example room.tgz')
    .argument('[name]', 'default: the checkpoint that you saved last')
    .option('--force', 'replace the file', false)
    .action(async (file: string, name: string | undefined, _: unknown, command: Command) => {
      const options = optionsOf<{ force: boolean }>(command);
      const home = await ownHome(options);
      const manifest = await checkpointToExport(home, name);
      const waiting = { name: file, doing: 'writing' };
      const { bytes } = await withInterruption((signal) =>
        withWait(options.json, waiting, (onBytes) =>
          exportCheckpoint(home, manifest, file, { force: options.force, onBytes, signal }),
        ),
      );
      if (options.json) return sayJson({ name: manifest.name, file, bytes });
      say(`${file} holds the checkpoint ${manifest.name} (${whereIs(manifest)}), ${await size(bytes)}.`);
      say(`There: mongo-scale-course checkpoint import ${file}`);
    });
}

function importCommand(): Command {
  return new Command('import')
    .description('add the checkpoint of a file, after it was verified')
    .argument('<file>')
    .option('--name <name>', 'the name that it gets here')
    .action(async (file: string, _: unknown, command: Command) => {
      const options = optionsOf<{ name?: string }>(command);
      if (options.name !== undefined) demandCheckpointName(options.name);
      const lab = await openOwnLab(options);
      const catalog = await loadCatalog<Lesson>(options.lang);
      const manifest = await withInterruption((signal) =>
        withWait(options.json, { name: file, doing: 'reading' }, (onBytes) =>
          importCheckpoint(lab.home, file, {
            name: options.name,
            refuse: (one) => unusableHere(catalog, one),
            onBytes,
            signal,
          }),
        ),
      );
      const reason = await whyUnfit(lab, manifest);
      const entry = entryOf(manifest, bytesOf(lab.home, manifest), reason);
      if (options.json) return sayJson(entry);
      say(`Imported ${entry.name}: ${whereIs(manifest)}, ${await size(entry.bytes)}.`);
      if (reason === undefined) say(`Go to it: mongo-scale-course checkpoint restore ${entry.name}`);
      else say(`It does not fit here: ${reason}.`);
    });
}

function removeCommand(): Command {
  return new Command('rm')
    .description('remove checkpoints')
    .argument('<name...>')
    .action(async (names: string[], _: unknown, command: Command) => {
      const options = optionsOf(command);
      const home = await ownHome(options);
      const { manifests, damaged } = readShelf(home);
      const there = [...manifests, ...damaged].map(({ name }) => name);
      for (const name of names) if (!there.includes(name)) throw unknownCheckpoint(name, there);
      const before = measureCheckpoints(home);
      await withCheckpointLock(home, { purpose: `removing ${names.join(', ')}`, patience: 30_000 }, () =>
        removeCheckpoints(home, names),
      );
      const after = checkpointUsage(home);
      const removed = [...new Set(names)];
      if (options.json) return sayJson({ removed, freed: Math.max(0, before.bytes - after.bytes) });
      say(`Removed: ${removed.join(', ')}. Left: ${usageSentence(after)}.`);
    });
}

async function ownHome(options: CommonOptions): Promise<Home> {
  const home = resolveHome(options.home);
  prepareHome(home);
  return home;
}

/** The checkpoint of this name; without one, the one that was saved last. */
async function checkpointToExport(home: Home, name: string | undefined): Promise<Manifest> {
  if (name !== undefined) return findCheckpoint(home, name);
  const { manifests } = readShelf(home);
  const saved = manifests.findLast(({ kind }) => kind === 'saved');
  if (saved) return saved;
  const names = manifests.map((one) => one.name);
  throw usageProblem(
    'unknown-checkpoint',
    'You saved no checkpoint yet.',
    names.length === 0
      ? 'Save one: mongo-scale-course checkpoint save NAME'
      : `Save one, or name an automatic one: ${names.join(', ')}.`,
  );
}

type OnBytes = (bytes: number, total: number) => void;

/** Runs `work` with a line on stderr while it lasts, and how far it is; silent where the output is `--json`. */
async function withWait<T>(
  json: boolean,
  { name, doing }: { readonly name: string; readonly doing: string },
  work: (onBytes: OnBytes) => Promise<T>,
): Promise<T> {
  if (json) return work(() => {});
  const lines = progressLines();
  try {
    lines.begin(name, doing);
    return await work((bytes, total) => {
      const percent = total === 0 ? 100 : Math.floor((100 * bytes) / total);
      lines.begin(name, `${doing}, ${percent} % done:`);
    });
  } finally {
    lines.close();
  }
}

/** `the start of sharding/zones` */
function whereIs({ atStart, lesson }: Manifest): string {
  return atStart ? `the start of ${lesson}` : `in ${lesson}`;
}

async function size(bytes: number): Promise<string> {
  return mebibytes(bytes);
}

/** `2026-11-30 22:41`, in the time zone of this machine. */
function whenTaken(iso: string): string {
  const at = new Date(iso);
  const two = (number: number): string => String(number).padStart(2, '0');
  const day = [at.getFullYear(), two(at.getMonth() + 1), two(at.getDate())].join('-');
  return `${day} ${two(at.getHours())}:${two(at.getMinutes())}`;
}
