import { type LabView, primaryOf } from '../lab-view.js';

/** How the primary of a set came to be it, as it tells itself (`electionCandidateMetrics` of `replSetGetStatus`). */
export interface Election {
  readonly primary: string;
  /**
   * `electionTimeout`: it had heard nothing of a primary for too long. Anything else was asked for: the primary before
   * stepped down or was stopped in order, or a member of higher priority took over.
   */
  readonly reason: string;
  readonly term: number;
  /** The term of the last write before it. */
  readonly termBefore: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** When its first write was on a majority; undefined before that. */
  readonly majorityFrom?: number | undefined;
}

/** The election of a set's primary; undefined while there is none, or where it was initiated as the only member. */
export async function electionOf(lab: LabView, set: string): Promise<Election | undefined> {
  const primary = primaryOf(lab, set);
  if (primary === undefined) return undefined;
  const status = await lab.mongo(primary).db('admin').command({ replSetGetStatus: 1 });
  const metrics = status.electionCandidateMetrics;
  if (!metrics) return undefined;
  return {
    primary,
    reason: String(metrics.lastElectionReason),
    term: Number(metrics.electionTerm),
    termBefore: Number(metrics.lastSeenOpTimeAtElection?.t ?? 0),
    at: (metrics.lastElectionDate as Date).getTime(),
    majorityFrom: (metrics.wMajorityWriteAvailabilityDate as Date | undefined)?.getTime(),
  };
}
