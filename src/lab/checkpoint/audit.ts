import type { Content, Manifest } from './manifest.js';
import { isCheckpointName } from './name.js';

type Entry = Content['data'][number];

/** Bits that make a program run with the rights of its owner. */
const setId = 0o6000;

/**
 * What makes a checkpoint unsafe or impossible to restore, as the end of a sentence; undefined where nothing does. The
 * course's own are always sound. One that comes from elsewhere may name anything.
 */
export function auditCheckpoint({ name }: Manifest, { data, workspace }: Content): string | undefined {
  if (!isCheckpointName(name)) return `its name "${name}" cannot be used`;
  const sizes = new Map<string, number>();
  return auditTree(data, { sizes, isWhole: true }) ?? auditTree(workspace, { sizes, isWhole: false });
}

/** @param options `isWhole`: each folder of the tree is named before what is in it */
function auditTree(
  tree: readonly Entry[],
  { sizes, isWhole }: { readonly sizes: Map<string, number>; readonly isWhole: boolean },
): string | undefined {
  const seen = new Map<string, Entry['kind']>([['', 'folder']]);
  for (const entry of tree) {
    const parents = parentsOf(entry.path);
    const fault =
      pathFault(entry.path) ??
      (seen.has(entry.path) ? 'is named twice' : undefined) ??
      (parents.some((path) => seen.get(path) === 'file') ? 'is in a file' : undefined) ??
      (isWhole && !parents.every((path) => seen.has(path)) ? 'is in an unknown folder' : undefined) ??
      numberFault(entry) ??
      (entry.kind === 'file' && (sizes.get(entry.sha256) ?? entry.size) !== entry.size
        ? 'has two sizes'
        : undefined);
    if (fault !== undefined) return `its file ${JSON.stringify(entry.path)} ${fault}`;
    seen.set(entry.path, entry.kind);
    if (entry.kind === 'file') sizes.set(entry.sha256, entry.size);
  }
  return undefined;
}

function parentsOf(path: string): readonly string[] {
  const parts = path.split('/');
  return parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
}

function pathFault(path: string): string | undefined {
  return /^[a-z]:|[\\\0]/i.test(path) ? 'has an impossible path' : undefined;
}

function numberFault(entry: Entry): string | undefined {
  const { kind, mode, uid, gid } = entry;
  if (![mode, uid, gid].every(isCount) || mode > 0o7777 || (kind === 'file' && (mode & setId) !== 0))
    return 'has an impossible mode or owner';
  return kind === 'file' && !isCount(entry.size) ? 'has an impossible size' : undefined;
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
