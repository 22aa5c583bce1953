import { resolveHome } from '../home.js';
import { ensureFolder } from '../machine/ensure-folder.js';
import { withLock } from '../machine/lock.js';
import { holdExam } from './hold.js';
import { examPlaces } from './places.js';
import type { ExamOrder } from './start.js';

/** The exam's own process. */
const ending = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, () => ending.abort());

const { home: root, seed } = JSON.parse(process.argv[2] ?? '') as ExamOrder;
const home = resolveHome(root);
const { folder, lock } = examPlaces(home);
ensureFolder(folder);
await withLock(
  lock,
  { purpose: 'exam' },
  ({ pid }) => new Error(`Process ${pid} holds an exam in this home already.`),
  () => holdExam(home, seed, ending.signal),
);
process.exit();
