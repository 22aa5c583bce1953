import type { LessonId, LessonPlan } from '../course/types.js';
import type { RuntimeKind } from '../lab/runtime.js';
import type { LabView } from './lab-view.js';
import type { Step } from './steps.js';

export { isLocked } from '../lab/faults/fsync-locks.js';
export { parseSettings } from '../shop/registration/settings.js';
export { amountText, timeText } from './figure.js';
export {
  examOfLesson,
  isRunning,
  isWhole,
  type LabView,
  primaryOf,
  type ShopAnswer,
  type ShopRequest,
  secondariesOf,
  startedAt,
  trafficOfLesson,
  verifiedTraffic,
} from './lab-view.js';
export { composeWith, readOwnCompose } from './probes/compose-services.js';
export { countAtLeast } from './probes/count.js';
export { type Election, electionOf } from './probes/election.js';
export {
  findsOn,
  type Rollback,
  rollbacksOf,
  type WaitedInVain,
  writeConcernTimeouts,
} from './probes/evidence.js';
export { planStages, shardsAsked } from './probes/explain-plan.js';
export {
  askTimes,
  gatewayOf,
  instanceOf,
  middlewaresOnTheWay,
  rulesFault,
  secondsOf,
  servicesOnTheWay,
  sinceLastFailure,
  tally,
  upstreams,
} from './probes/gateway.js';
export { type Writing, writingOf } from './probes/oplog-writes.js';
export {
  balancerIsOn,
  balancerSwitches,
  type Move,
  movesOf,
  type Range,
  rangesOf,
  removedShards,
  type ShardedCollection,
  shardedCollection,
  type ZoneRange,
  zoneRanges,
  zonesOfShards,
} from './probes/ranges.js';
export { configsInUse, type RefusedReconfig, refusedReconfig, refusedReconfigs } from './probes/reconfig.js';
export {
  type ClusterMember,
  cacheFault,
  cacheReport,
  clusterNodes,
  errorsOf,
  infoOf,
  isInUse,
  type KeptKey,
  keysOn,
  mastersOf,
  readsOf,
  redisViews,
} from './probes/redis-cache.js';
export { type RefusedShard, refusedShard } from './probes/refused-shard.js';
export { timesRefused, wasGivenUnknownCommand, wasKilledBefore } from './probes/server-log.js';
export {
  findBadMemberHost,
  type MemberMisnomer,
  type RefusedInitiate,
  readSet,
  refusedInitiate,
  type SetView,
} from './probes/set-members.js';
export {
  type MemberStatus,
  primarySeesAll,
  readSetStatus,
  type SetStatus,
  statesInWords,
} from './probes/set-status.js';
export { asTyped, ownedByShard, sameKey, shardIds, shardKeys } from './probes/shards.js';
export {
  answer,
  bash,
  customersOrder,
  exam,
  fault,
  firstDown,
  mongosh,
  primary,
  redisCli,
  type Step,
  secondary,
  traffic,
  until,
  up,
  type Where,
  write,
} from './steps.js';

/**
 * The vocabulary of `lesson.ts`: a lesson's checks, its mistakes, its questions and its solution.
 * A lesson imports this file and nothing else of the course.
 */

/**
 * What a look found. `observed` and `expected` are short phrases in the same terms ("2 shards", "3 shards"),
 * shown side by side. `wrong` names a recognised mistake of the lesson, whose explanation is in its text.
 */
export type Finding =
  | { readonly state: 'pass'; readonly observed: string }
  | { readonly state: 'pending'; readonly observed: string; readonly expected: string }
  | {
      readonly state: 'wrong';
      readonly mistake: string;
      readonly observed: string;
      readonly expected?: string | undefined;
    };

/** What is there is what is wanted. */
export function pass(observed: string): Finding {
  return { state: 'pass', observed };
}

/** Not yet: `observed` is what was found of `expected`. */
export function pending(observed: string, expected: string): Finding {
  return { state: 'pending', observed, expected };
}

/** Not so, in a way that the lesson recognises: its mistake of this id explains it. */
export function wrong(mistake: string, observed: string, expected?: string): Finding {
  return { state: 'wrong', mistake, observed, expected };
}

/** Something that has to be so, or to have happened, for the lesson to be passed. */
export interface Check {
  readonly title: string;
  /** The service the map highlights while this is not passed, and whose shell opens. */
  readonly at: string;
  /** `state`: true now, may turn false again. `event`: happened once, kept. */
  readonly kind: 'state' | 'event';
  /** Milliseconds that a state must stay true before it counts (elections, the balancer). */
  readonly holdFor: number;
  readonly look: (lab: LabView) => Promise<Finding>;
  /** The line with which a learner sees the same thing himself. */
  readonly reproduce?: Step | undefined;
  /**
   * True for what already holds when the lesson begins and only has to stay true ("the documents are still
   * there"): it may pass before the learner did anything.
   */
  readonly holdsAtStart: boolean;
  /** True for what is looked for elsewhere: it is looked at even where `at` is down. */
  readonly evenIfDown: boolean;
}

interface CheckOptions {
  at: string;
  kind?: Check['kind'];
  holdFor?: number;
  holdsAtStart?: boolean;
  evenIfDown?: boolean;
  reproduce?: Step;
  look: Check['look'];
}

/**
 * A check under its title, a sentence of what will be so ("shard1 has a primary"). By default it is a state that counts
 * as soon as it is seen, does not hold when the lesson begins, and is not looked at while `at` is down.
 */
export function check(title: string, options: CheckOptions): Check {
  return {
    title,
    at: options.at,
    kind: options.kind ?? 'state',
    holdFor: options.holdFor ?? 0,
    holdsAtStart: options.holdsAtStart ?? false,
    evenIfDown: options.evenIfDown ?? false,
    look: options.look,
    reproduce: options.reproduce,
  };
}

/** A wrong state that is recognised and explained. `after` makes it for real: tests do, on a live lab. */
export interface Mistake {
  readonly id: string;
  readonly after: readonly Step[];
  /** Where it can be made: some are of containers only. */
  readonly runtimes: readonly RuntimeKind[];
}

interface MistakeOptions {
  after: Step | readonly Step[];
  /** Default: on both. */
  runtimes?: readonly RuntimeKind[];
}

/** A mistake by the id under which the lesson's text explains it; one of its checks has to find it after these steps. */
export function mistake(id: string, { after, runtimes = ['docker', 'local'] }: MistakeOptions): Mistake {
  return { id, after: Array.isArray(after) ? after : [after as Step], runtimes };
}

/** Something the learner is asked; its wording is in the lesson's text under the same id. */
export type Question =
  | { readonly id: string; readonly kind: 'choice'; readonly options: readonly string[] }
  | { readonly id: string; readonly kind: 'number'; readonly unit: string };

/** A question with a few answers to choose from, as they are shown. */
export function choice(id: string, options: readonly string[]): Question {
  return { id, kind: 'choice', options };
}

/** A question for a number, in this unit: that of the measurement of the same id, where there is one. */
export function number(id: string, unit: string): Question {
  return { id, kind: 'number', unit };
}

/**
 * A figure taken from the live lab: looked for each round until there is one, then kept. A question with the same
 * id asks for a prediction, and the learner is told the figure once he has given it.
 */
export interface Measurement {
  readonly id: string;
  /** `ms` for a time; else what is counted (`orders`), or `%`. Of a prediction in numbers it is the same. */
  readonly unit: string;
  /** Undefined while there is nothing to measure yet. It must not count what happened before this lesson. */
  readonly measure: (lab: LabView) => Promise<number | undefined>;
}

/** Its title is in the lesson's text under the same id. */
export function measurement(id: string, options: Omit<Measurement, 'id'>): Measurement {
  return { id, ...options };
}

/** All of a lesson but its texts. */
export interface Lesson extends LessonPlan {
  /**
   * True where no later lesson builds on what this one leaves in the lab, so that `goto` may pass over it: what is
   * typed for it would be work for nothing.
   */
  readonly leavesNothing: boolean;
  /**
   * True where later lessons build on nothing of this one but the file that its solution writes, so that `goto` may
   * write that file and type nothing.
   */
  readonly leavesFile: boolean;
  /** The file of the workspace that the learner writes in it: `shop/cache.js`. */
  readonly file?: string | undefined;
  readonly checks: readonly Check[];
  readonly mistakes: readonly Mistake[];
  readonly questions: readonly Question[];
  readonly measurements: readonly Measurement[];
  readonly solution: readonly Step[];
  /** The service that it is about and that not every machine can run: there it is skipped, which is not passed. */
  readonly skipWithout?: string | undefined;
}

interface LessonOptions {
  minutes: number;
  leavesNothing?: boolean;
  leavesFile?: boolean;
  file?: string;
  needs?: readonly LessonId[];
  checks: readonly Check[];
  mistakes?: readonly Mistake[];
  questions?: readonly Question[];
  measurements?: readonly Measurement[];
  solution: readonly Step[];
  skipWithout?: string;
}

/** A lesson as its `lesson.ts` exports it by default; what is left out is none, and `minutes` is how long it takes a learner. */
export function lesson(options: LessonOptions): Lesson {
  return {
    minutes: options.minutes,
    leavesNothing: options.leavesNothing ?? false,
    leavesFile: options.leavesFile ?? false,
    file: options.file,
    needs: options.needs ?? [],
    checks: options.checks,
    mistakes: options.mistakes ?? [],
    questions: options.questions ?? [],
    measurements: options.measurements ?? [],
    solution: options.solution,
    skipWithout: options.skipWithout,
  };
}
