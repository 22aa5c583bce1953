import { statSync } from 'node:fs';
import type { Home } from '../../home.js';
import { type Manifest, objectsOf } from './manifest.js';
import { objectPath } from './objects.js';
import { contentIfSound, objectsFolder } from './store.js';

/** Bytes on the disk that one checkpoint would use without the others, which share equal files with it. */
export function bytesOf(home: Home, manifest: Manifest): number {
  const content = contentIfSound(home, manifest);
  const names = [manifest.content, ...(content ? objectsOf(content) : [])];
  const objects = objectsFolder(home);
  const blocks = names.map(
    (sha256) => statSync(objectPath(objects, sha256), { throwIfNoEntry: false })?.blocks ?? 0,
  );
  return blocks.reduce((sum, count) => sum + count * 512, 0);
}
