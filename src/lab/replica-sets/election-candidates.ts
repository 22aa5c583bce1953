import type { Document, Timestamp } from 'bson';

/** A member of a set, and its last reply to `hello`, if there was one. */
export interface HeardMember {
  readonly name: string;
  readonly hello?: Document | undefined;
}

/** A member that may become primary. */
export interface Candidate {
  readonly name: string;
  /** It is a secondary by now, so that it can stand. */
  readonly isReady: boolean;
}

/** Whether so many voting members of a set answer that they can elect a primary. */
export function hasMajority(heard: readonly HeardMember[], config: Document): boolean {
  const voters = (config.members as Document[]).filter(({ votes }) => votes !== 0);
  const answering = voters.filter(({ host }) => heard.some(({ hello }) => hello?.me === host));
  return answering.length > voters.length / 2;
}

/**
 * The members that may become primary, the best first: the preferred ones, then by priority, then those with the newest
 * writes. A member that has not answered yet has no known priority, and comes after those that have.
 */
export function rankCandidates(
  heard: readonly HeardMember[],
  config: Document,
  prefer: readonly string[],
): readonly Candidate[] {
  const priorityOf = ({ hello }: HeardMember): number =>
    (config.members as Document[]).find(({ host }) => host === hello?.me)?.priority ?? 0;
  return heard
    .map((member) => ({ ...member, priority: priorityOf(member), isPreferred: prefer.includes(member.name) }))
    .filter(({ priority, isPreferred, hello }) => (hello ? priority > 0 : isPreferred))
    .toSorted(
      (left, right) =>
        Number(right.isPreferred) - Number(left.isPreferred) ||
        right.priority - left.priority ||
        newerFirst(left.hello, right.hello),
    )
    .map(({ name, hello }) => ({ name, isReady: hello?.secondary === true }));
}

function newerFirst(left: Document | undefined, right: Document | undefined): number {
  const term = termOf(right) - termOf(left);
  const [before, after] = [stampOf(left), stampOf(right)];
  return term || (before && after ? after.compare(before) : Number(Boolean(after)) - Number(Boolean(before)));
}

function termOf(hello: Document | undefined): number {
  return Number(hello?.lastWrite?.opTime?.t ?? 0);
}

function stampOf(hello: Document | undefined): Timestamp | undefined {
  return hello?.lastWrite?.opTime?.ts;
}
