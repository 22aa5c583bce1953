import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import type { Catalog } from '../../src/course/catalog.js';
import { openCourseLab } from '../../src/course-lab.js';
import { openGrader } from '../../src/grading/grader.js';
import { type Home, resolveHome } from '../../src/home.js';
import type { RuntimeKind } from '../../src/lab/runtime.js';
import type { Lesson } from '../../src/lesson/lesson.js';
import { packageRoot } from '../../src/package.js';
import type { TestLab } from '../e2e/support/test-lab.js';

/** Where proofs keep the checkpoints of lesson starts; `npm ci` removes it. */
const kept = join(packageRoot, 'node_modules', '.cache', 'prove');
/** What decides how a lab comes to a lesson's start, besides the solutions: those a checkpoint knows itself. */
const decisive = ['src', 'compose', 'assets', 'package-lock.json'];

interface ProofLabOptions {
  readonly portOffset: number;
  readonly runtime: RuntimeKind;
  /** The one that the lane's lessons are of. */
  readonly catalog: Catalog<Lesson>;
}

/**
 * A lab of its own for one lane. Its home is the same as in the last proof on these ports, so that the checkpoints taken
 * then lead to a lesson's start in seconds: not where anything changed that has a part in how a lab comes there.
 */
export async function openProofLab({ portOffset, runtime, catalog }: ProofLabOptions): Promise<TestLab> {
  const home = resolveHome(join(kept, `${runtime}-${portOffset}`));
  await beginHome(home, { runtime, portOffset });
  const lab = await openCourseLab(home, { runtime, portOffset });
  const grader = openGrader(lab, 'en');
  return {
    home,
    lab,
    grader,
    catalog,
    async close() {
      await grader.close();
      await lab.down({ purge: true });
    },
  };
}

/** Ends what a proof that was killed has left running, and leaves nothing in the home but checkpoints that hold. */
async function beginHome(home: Home, choice: { runtime: RuntimeKind; portOffset: number }): Promise<void> {
  const keyFile = join(home.root, 'key');
  const key = keyOf(decisive.map((name) => join(packageRoot, name)));
  if (existsSync(home.lab)) await (await openCourseLab(home, choice)).down({ purge: true });
  await rm(home.progress, { force: true });
  await rm(home.workspace, { recursive: true, force: true });
  if (!existsSync(keyFile) || readFileSync(keyFile, 'utf8') !== key) {
    await rm(home.root, { recursive: true, force: true });
    await mkdir(home.root, { recursive: true });
    await writeFileAtomic(keyFile, key);
  }
}

function keyOf(paths: readonly string[]): string {
  const hash = createHash('sha256');
  for (const path of paths.flatMap(filesIn).sort()) hash.update(path).update(readFileSync(path));
  return hash.digest('hex');
}

function filesIn(path: string): readonly string[] {
  if (path.endsWith('.json')) return [path];
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
}
