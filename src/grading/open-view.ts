import { readFileSync } from 'node:fs';
import { readProgress } from '../course/progress.js';
import type { LessonId } from '../course/types.js';
import { readExam } from '../exam/read.js';
import type { Lab } from '../lab/lab.js';
import type { Clients } from '../lab/observe/clients.js';
import type { Snapshot } from '../lab/observe/snapshot.js';
import { workspacePath } from '../lab/workspace/workspace.js';
import type { LabView } from '../lesson/lab-view.js';
import { readTraffic } from '../shop/traffic/read.js';
import { askShop } from './ask-shop.js';

/** What checks, measurements and steps of one lesson see of the lab. */
export function openView(lab: Lab, clients: Clients, lesson: LessonId, snapshot: Snapshot): LabView {
  const kept = () => readProgress(lab.home.progress).lessons[lesson];
  return {
    snapshot,
    get begun() {
      const { startedAt, anewAt } = kept() ?? {};
      return Date.parse(anewAt ?? startedAt ?? new Date(snapshot.takenAt).toISOString());
    },
    mongo: (service) => clients.mongo(service),
    redis: (service) => clients.redis(service),
    address: (service) => lab.runtime.address(service),
    peer: (service) => lab.runtime.peerAddress(service),
    answer: (question) => kept()?.answers[question],
    measured: (measurement) => kept()?.measured?.[measurement],
    recall: (name) => kept()?.remembered?.[name],
    remember: () => undefined,
    file: (name) => readIfThere(workspacePath(lab.home, name)),
    traffic: () => readTraffic(lab.home),
    exam: () => readExam(lab.home),
    shop: (path, request, service = 'shop1') => askShop(lab.runtime.address(service), path, request),
  };
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw cause;
  }
}
