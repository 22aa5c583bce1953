import type { Manifest } from './manifest.js';
import { isCheckpointName } from './name.js';

type Entry = Manifest['data'][number];

/** Bits that make a program run with the rights of its owner. */
const setId = 0o6000;

/**
 * What makes a manifest unsafe or impossible to restore, as the end of a sentence; undefined where nothing does. The
 * course's own manifests are always sound. One that comes from elsewhere may name any path.
 */
export function auditManifest({ name, data, workspace }: Manifest): string | undefined {
  if (!isCheckpointName(name)) return `its name "${name}" cannot be used`;
  const sizes = new Map<string, number>();
  for (const tree of [data, workspace]) {
    const folders = new Set(['']);
    const seen = new Set<string>();
    for (const entry of tree) {
      const fault = pathFault(entry.path) ?? (seen.has(entry.path) ? 'is named twice' : undefined);
      if (fault) return `its file ${JSON.stringify(entry.path)} ${fault}`;
      seen.add(entry.path);
      const parent = entry.path.slice(0, Math.max(0, entry.path.lastIndexOf('/')));
      if (!folders.has(parent)) return `its file ${entry.path} is in a folder that it does not name`;
      if (!hasSoundNumbers(entry)) return `its file ${entry.path} has an impossible mode or owner`;
      if (entry.kind === 'folder') folders.add(entry.path);
      else if ((sizes.get(entry.sha256) ?? entry.size) !== entry.size || !isCount(entry.size))
        return `its file ${entry.path} has an impossible size`;
      else sizes.set(entry.sha256, entry.size);
    }
  }
  return undefined;
}

function pathFault(path: string): string | undefined {
  const parts = path.split('/');
  if (parts.includes('..') || path.startsWith('/') || /^[a-z]:/i.test(path)) return 'leads out of its folder';
  if (parts.some((part) => part === '' || part === '.') || /[\\\0]/.test(path))
    return 'has an impossible path';
  return undefined;
}

function hasSoundNumbers({ kind, mode, uid, gid }: Entry): boolean {
  return [mode, uid, gid].every(isCount) && mode <= 0o7777 && (kind === 'folder' || (mode & setId) === 0);
}

function isCount(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}
