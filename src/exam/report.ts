/** What is done to the lab while customers are at the door. */
export type ExamFaultKind = 'shop' | 'shard' | 'redis';

/** One that was made. Times are milliseconds since the epoch. */
export interface ExamFault {
  readonly kind: ExamFaultKind;
  /** Which service was killed. */
  readonly service: string;
  readonly at: number;
  /** When it was started again; missing while it is dead. */
  readonly until?: number;
}

export type InvariantId = 'errors' | 'latency' | 'lost' | 'stale';

/** What has to hold through the whole rush. `open`: nothing against it so far, and the time is not over. */
export interface Invariant {
  readonly id: InvariantId;
  readonly state: 'open' | 'holds' | 'broken';
  /** `0.2 % of 3012 requests failed`. */
  readonly observed: string;
  /** `fewer than 1 %`. */
  readonly bound: string;
}

/** Of one phase of the exam. */
export interface PhaseFigures {
  readonly requests: number;
  readonly failed: number;
  /** Milliseconds; null before the first answer. */
  readonly p95: number | null;
}

/** What the exam is doing and what came of it, as its process writes it down. Times are milliseconds since the epoch. */
export interface WrittenExam {
  /** `over`: it came to its end, or to what could not be made good any more. `stopped`: it was told to end. */
  readonly state: 'running' | 'over' | 'stopped';
  /** Few customers, so that there is something to compare with; ten times as many; looking for their orders. */
  readonly phase: 'calm' | 'rush' | 'verify' | 'done';
  readonly pid: number;
  /** Tells its process from a later one with the same pid. */
  readonly processStartedAt: string;
  readonly at: number;
  readonly startedAt: number;
  /** Chooses which faults come when: the same seed, the same faults. */
  readonly seed: number;
  readonly calm?: PhaseFigures;
  readonly rush?: PhaseFigures;
  /** Whole seconds of the rush so far. */
  readonly held: number;
  readonly faults: readonly ExamFault[];
  readonly invariants: readonly Invariant[];
  /** Of one that ended with more failures than are allowed: what was dead when they came; missing where nothing was. */
  readonly brokenBy?: ExamFaultKind;
  /** Missing while it runs. */
  readonly passed?: boolean;
  /** Why it could not go on: the course's own failure, no verdict. */
  readonly problem?: string;
}

/** What a reader is told. `dead`: its process is gone, and this is the last it wrote. */
export type ExamReport = Omit<WrittenExam, 'state' | 'processStartedAt'> & {
  readonly state: WrittenExam['state'] | 'dead';
  /** How often the course began the exam until it ended as its solution means it to; missing where a learner began it. */
  readonly tries?: number;
};
