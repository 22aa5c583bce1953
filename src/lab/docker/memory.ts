import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import * as z from 'zod/mini';
import type { Home } from '../../home.js';
import { ensureFolder } from '../../machine/ensure-folder.js';
import { fileProblem } from '../../machine/file-problem.js';
import { Problem } from '../../problem.js';
import type { Stack } from '../compose/service.js';

/** What the engine cannot tell: which stack its containers are, and which of them the course itself has ended. */
export interface DockerMemory {
  readonly stack?: Stack | undefined;
  /** Services that were ended through the course: an exited container does not say by whom. */
  readonly ended: readonly string[];
}

export interface MemoryFile {
  /** What was written last, by whichever process. Throws `lab-damaged`. */
  read(): DockerMemory;
  write(memory: DockerMemory): void;
}

const schema = z.object({
  stack: z.optional(z.custom<Stack>((value) => Array.isArray((value as Stack | undefined)?.services))),
  ended: z.array(z.string()),
});

/**
 * Writes a file of the lab in one step, so that a reader sees the old or the new. Throws `disk-full`,
 * `home-not-writable`.
 */
export function writeWhole(path: string, text: string): void {
  try {
    ensureFolder(dirname(path));
    writeFileAtomic.sync(path, text);
  } catch (cause) {
    throw fileProblem(cause, path);
  }
}

/** `docker.json` beside the data. */
export function openMemory(home: Home): MemoryFile {
  const path = join(home.lab, 'docker.json');
  return {
    read() {
      try {
        return schema.parse(JSON.parse(readFileSync(path, 'utf8')));
      } catch (cause) {
        if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return { ended: [] };
        throw new Problem(
          'lab-damaged',
          `${path}, where the course notes what it runs in Docker, is damaged.`,
          {
            remedy: `Delete it; then mongo-scale-course up brings the lab up again, with its data.`,
            cause,
          },
        );
      }
    },
    write(memory) {
      writeWhole(path, JSON.stringify(memory));
    },
  };
}
