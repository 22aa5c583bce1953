import { setTimeout as delay } from 'node:timers/promises';
import type { Document } from 'bson';
import type { Service, Stack } from '../compose/service.js';
import { startedForSet } from '../compose/tier.js';
import type { Snapshot } from '../observe/snapshot.js';
import type { Runtime, UpEvent } from '../runtime.js';
import { type Candidate, type HeardMember, hasMajority, rankCandidates } from './election-candidates.js';

/** Milliseconds from a set's start until this gives up: its servers have as long to answer. */
const deadline = 60_000;
/** Milliseconds in which a majority has a primary. Without help it elects one within 12 seconds. */
const electWithin = 15_000;
/** Milliseconds that the majority waits for a member that would be a better primary. */
const patience = 2_000;
/** Milliseconds for a reply to `hello`; an election may take longer. */
const replyWithin = 1_000;
const voteWithin = 5_000;
/** Milliseconds that a candidate may be refused because it does not see a majority yet. */
const turnWithin = 2_500;
/** Milliseconds that a candidate may lose elections: it tries again every 500 to reach a member that was down. */
const loseWithin = 700;
const pause = 40;

export interface ElectionOptions {
  /**
   * Services that are to be primary, such as those that were before the lab was stopped. One that runs and is behind
   * becomes primary after another, when it has caught up.
   */
  readonly prefer?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Spares replica sets whose members were all just started the ten seconds after which they elect a primary by
 * themselves: asks one member of each to stand as soon as a majority answers. A set that has a primary is left alone, and
 * so is one that is not initiated or has one member. Gives the services that are primary now; never fails, since
 * members elect a primary without help too, only later.
 */
export async function electPrimaries(
  { stack }: Pick<Runtime, 'stack'>,
  options: ElectionOptions = {},
): Promise<readonly string[]> {
  const sets = setsOf(stack()?.services ?? []);
  const elected = await Promise.all([...sets.values()].map((members) => electOne(members, options)));
  return elected.filter((primary) => primary !== undefined);
}

/** The services that `prefer` takes to keep primaries where they are: those of sets that have other members too. */
export function electedPrimaries(snapshot: Snapshot | undefined): readonly string[] {
  const nodes = snapshot?.nodes ?? [];
  return nodes.flatMap(({ service, mongo }) =>
    mongo?.role === 'primary' && (mongo.members ?? 1) > 1 ? [service] : [],
  );
}

/** The elections of a stage that is being brought up. */
export interface ElectionsOnStart {
  /** To be given every event of the runtime's `up`. */
  onEvent(event: UpEvent): void;
  /** Resolves when every set that was started as a whole has a primary, or has no need of help. */
  settled(): Promise<void>;
}

/**
 * The same while the members start: shards answer only once their config servers have a primary, so these cannot wait
 * until all servers run. A set of which a member was running already is left alone.
 */
export function electOnStart({ services }: Stack, options: ElectionOptions = {}): ElectionsOnStart {
  const started = new Set<string>();
  const elections = new Map<string, Promise<unknown>>();
  const sets = setsOf(services);
  return {
    onEvent(event) {
      if (event.kind !== 'service' || event.phase !== 'starting') return;
      started.add(event.service);
      for (const [set, members] of sets) {
        if (elections.has(set) || !members.every(({ name }) => started.has(name))) continue;
        elections.set(set, electOne(members, options));
      }
    },
    async settled() {
      await Promise.all(elections.values());
    },
  };
}

/** The services that are started for a replica set with others, by set. */
function setsOf(services: readonly Service[]): ReadonlyMap<string, readonly Service[]> {
  const sets = new Map<string, Service[]>();
  for (const service of services) {
    const set = startedForSet(service);
    if (set !== undefined) sets.set(set, [...(sets.get(set) ?? []), service]);
  }
  return new Map([...sets].filter(([, members]) => members.length > 1));
}

/** Gives the service that is primary, as soon as there is one; undefined where there will be none, or not in time. */
async function electOne(
  members: readonly Service[],
  { prefer = [], signal: given }: ElectionOptions,
): Promise<string | undefined> {
  // `status` loads this module, and holds no election.
  const { mongodCommand } = await import('./mongod-command.js');
  // Of its own: all sets listening to one would look like a leak.
  const signal = given && AbortSignal.any([given]);
  const ask = (service: Service | undefined, command: Document, within = replyWithin) =>
    mongodCommand(service?.ports[0] as number, command, { within, signal });
  const isAnotherPreferred = (primary: string, heard: readonly HeardMember[]) =>
    !prefer.includes(primary) && heard.some(({ name, hello }) => hello && prefer.includes(name));
  const begun = Date.now();
  const turns = takeTurns();
  let config: Document | undefined;
  let uninitiated = 0;
  let majoritySince: number | undefined;
  for (; !signal?.aborted && Date.now() - begun < deadline; await delay(pause)) {
    const heard = await Promise.all(
      members.map(async (service) => ({ name: service.name, hello: await ask(service, { hello: 1 }) })),
    );
    const primary = heard.find(({ hello }) => hello?.isWritablePrimary === true)?.name;
    const isElected = primary !== undefined && Date.now() - (majoritySince ?? 0) < electWithin;
    if (primary !== undefined && !(isElected && isAnotherPreferred(primary, heard))) return primary;
    const first = heard.findIndex(({ hello }) => hello?.setName !== undefined);
    if (first < 0) {
      // A member says so for a moment, too, while it still reads its configuration.
      uninitiated = heard.every(({ hello }) => hello) ? uninitiated + 1 : 0;
      if (uninitiated > 2) return undefined;
      continue;
    }
    config ??= (await ask(members[first], { replSetGetConfig: 1 }))?.config as Document | undefined;
    if (config?.members.length < 2) return undefined;
    if (!config || !hasMajority(heard, config)) continue;
    majoritySince ??= Date.now();
    if (Date.now() - majoritySince > electWithin) return undefined;
    // Where the others have elected one already, it takes writes in a moment.
    if (primary === undefined && heard.some(({ hello }) => hello?.primary !== undefined)) continue;
    const candidates = rankCandidates(heard, config, prefer).filter(
      // One that was behind at the election can stand again once it has what the primary has.
      ({ name }) => primary === undefined || prefer.includes(name),
    );
    const mayWait = Date.now() - majoritySince < patience;
    const name = turns.next(mayWait ? candidates : candidates.filter(({ isReady }) => isReady));
    const candidate = members.find((service) => service.name === name);
    if (candidate) turns.stood(candidate.name, await ask(candidate, { replSetStepUp: 1 }, voteWithin));
  }
  return undefined;
}

/** Who stands next: the best candidate, until it has lost or could not stand for too long; then the next best. */
function takeTurns() {
  const over = new Set<string>();
  let turn: { name: string; since: number; lostSince?: number } = { name: '', since: 0 };
  return {
    /** Undefined where the candidate whose turn it is cannot stand yet. */
    next(candidates: readonly Candidate[]): string | undefined {
      if (candidates.every(({ name }) => over.has(name))) over.clear();
      const candidate = candidates.find(({ name }) => !over.has(name));
      if (!candidate?.isReady) return undefined;
      if (turn.name !== candidate.name) turn = { name: candidate.name, since: Date.now() };
      return candidate.name;
    },
    stood(name: string, reply: Document | undefined): void {
      if (reply?.ok === 1) return;
      // It does not stand before it has heard of a majority itself, which takes a heartbeat.
      const isEarly = reply?.codeName === 'NodeNotElectable';
      if (!isEarly) turn.lostSince ??= Date.now();
      const isLost = turn.lostSince !== undefined && Date.now() - turn.lostSince > loseWithin;
      if (isLost || Date.now() - turn.since > turnWithin) over.add(name);
    },
  };
}
