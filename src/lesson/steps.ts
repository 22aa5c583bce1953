import type { ExamReport } from '../exam/report.js';
import type { FaultKind } from '../lab/faults/faults.js';
import type { ShellKind } from '../lab/runtime.js';
import type { TrafficOptions } from '../shop/traffic/settings.js';
import { isRunning, type LabView, primaryOf, trafficOfLesson } from './lab-view.js';

/** A service, or how to find it by looking; undefined: not there yet, look again (no primary while they elect one). */
export type Where = string | ((lab: LabView) => Promise<string | undefined>);

/**
 * One step of a solution or of making a mistake. Texts may hold `{{address shard1a}}`, `{{peer shard1a}}` and
 * `{{course load-shop.js}}`, which the lab fills in.
 */
export type Step =
  | {
      /** Lines typed into a shell of the service: its own (mongosh, redis-cli), or the system's beside it. */
      readonly kind: 'shell';
      readonly shell: ShellKind;
      readonly service: Where;
      readonly lines: string;
    }
  | {
      /** A file of the learner's workspace (`shop/cache.js`), edited so that this is what is in it. */
      readonly kind: 'write';
      readonly file: string;
      readonly content: string;
    }
  | {
      /** An answer given to a question, fixed or found by looking at the lab. */
      readonly kind: 'answer';
      readonly question: string;
      readonly value: string | ((lab: LabView) => Promise<string>);
    }
  | {
      /** The command `fault`: done when the service is as asked. */
      readonly kind: 'fault';
      readonly fault: FaultKind;
      readonly service: Where;
    }
  | {
      /** The command `traffic`. Started anew where there is some already. */
      readonly kind: 'traffic';
      readonly action: 'start' | 'stop';
      readonly options: TrafficOptions;
    }
  | {
      /** The command `exam start`, and waiting until it is over; begun again where it did not end as it was meant to. */
      readonly kind: 'exam';
      readonly seed: number;
      readonly meant: (report: ExamReport) => boolean;
    }
  | {
      /** The command `up`: brings the lab's stage up as its compose file says now. */
      readonly kind: 'up';
    }
  | {
      /** Waiting, as a learner does who looks at the map. */
      readonly kind: 'until';
      /** What is waited for, after "until": `shard1 has another primary`. */
      readonly words: string;
      readonly look: (lab: LabView) => Promise<boolean>;
      /** Milliseconds. */
      readonly within: number;
    };

/** Lines typed into mongosh on a mongod or on a router, exactly as a learner would type them. */
export function mongosh(service: Where, lines: string): Step {
  return { kind: 'shell', shell: 'own', service, lines };
}

/** Lines typed into redis-cli on one Redis. */
export function redisCli(service: Where, lines: string): Step {
  return { kind: 'shell', shell: 'own', service, lines };
}

/** Lines typed into a system shell beside a service, where its programs are at hand (redis-cli, curl). */
export function bash(service: Where, lines: string): Step {
  return { kind: 'shell', shell: 'system', service, lines };
}

/** Puts this into a file of the workspace. What the learner had there is kept beside it. */
export function write(file: string, content: string): Step {
  return { kind: 'write', file, content };
}

/** Answers a question of this lesson. */
export function answer(question: string, value: string | ((lab: LabView) => Promise<string>)): Step {
  return { kind: 'answer', question, value };
}

/** Makes a service fail, or brings it back, as `fault kill shard1a` does. */
export function fault(kind: FaultKind, service: Where): Step {
  return { kind: 'fault', fault: kind, service };
}

/** Puts the shop under load, or ends that; `stop` also looks for every order that is not verified yet. */
export function traffic(action: 'start' | 'stop', options: TrafficOptions = {}): Step {
  return { kind: 'traffic', action, options };
}

/**
 * Holds the exam; the same seed brings the same faults.
 * @param meant the end that it is to come to, for which it is begun again on a busy machine: passed, by default
 */
export function exam(
  seed: number,
  meant: (report: ExamReport) => boolean = ({ passed }) => passed === true,
): Step {
  return { kind: 'exam', seed, meant };
}

/** Brings the stage up again, after its compose file was changed. */
export function up(): Step {
  return { kind: 'up' };
}

/** Waits for a state of the live lab; a failed look counts as "not yet". */
export function until(
  words: string,
  look: (lab: LabView) => Promise<boolean>,
  { within = 60_000 }: { within?: number } = {},
): Step {
  return { kind: 'until', words, look, within };
}

/** The primary of a set, for a step: found when the step's turn has come. */
export function primary(set: string): (lab: LabView) => Promise<string | undefined> {
  return async (lab) => primaryOf(lab, set);
}

/** The first secondary of a set, for a step. */
export function secondary(set: string): (lab: LabView) => Promise<string | undefined> {
  return async ({ snapshot }) =>
    snapshot.nodes.find(({ mongo }) => mongo?.role === 'secondary' && mongo.set === set)?.service;
}

/** The first of these services that does not run, for a step. */
export function firstDown(services: readonly string[]): (lab: LabView) => Promise<string | undefined> {
  return async (lab) => services.find((service) => !isRunning(lab, service));
}

/** Waits until the shop has confirmed so many orders to the customers of this lesson. */
export function customersOrder(orders: number): Step {
  return until(
    `${orders} orders are confirmed`,
    async (lab) => (trafficOfLesson(lab)?.orders.acknowledged ?? 0) >= orders,
  );
}
