import {
  answer,
  askTimes,
  check,
  fault,
  gatewayOf,
  instanceOf,
  isRunning,
  type LabView,
  lesson,
  measurement,
  mistake,
  number,
  parseSettings,
  pass,
  pending,
  redisCli,
  rulesFault,
  startedAt,
  tally,
  until,
  upstreams,
  write,
  wrong,
} from '../../../src/lesson/lesson.js';
import { at, registration, save } from '../rules.js';

const all = ['shop1', 'shop2', 'shop3'];
const settingsFile = 'shop/registration.json';
const folder = 'traefik/http/services/shop/loadbalancer/servers/';
/** Later than this, a shop that is seen was not seen coming. */
const seenComing = 60_000;

interface Entry {
  readonly name: string;
  readonly url: string;
  /** Seconds; -1: it never ends by itself. */
  readonly ttl: number;
}

/** What is in the registry now. */
async function entriesOf(lab: LabView): Promise<readonly Entry[]> {
  const redis = await lab.redis('redis');
  const keys = (await redis.keys(`${folder}*`)).sort();
  const entries = await Promise.all(
    keys.map(async (key) => ({
      name: key.slice(folder.length),
      url: await redis.get(key),
      ttl: await redis.ttl(key),
    })),
  );
  // One may end between two questions.
  return entries.filter((entry): entry is Entry => entry.url !== null && entry.ttl !== -2);
}

const startedNow = (lab: LabView): readonly string[] =>
  all.filter((shop) => isRunning(lab, shop) && startedAt(lab, shop) > lab.begun);

const fromRegistry = (lab: LabView): boolean =>
  gatewayOf(lab)?.routers.some(({ service }) => service.endsWith('@redis')) ?? false;
const known = (lab: LabView): readonly string[] =>
  fromRegistry(lab) ? upstreams(lab).flatMap(({ service, up }) => (up && service ? [service] : [])) : [];

/** Who answers through the door, while the gateway goes by the registry. */
async function serving(lab: LabView): Promise<ReadonlyMap<string, number>> {
  return fromRegistry(lab) ? tally(await askTimes(lab, 30), instanceOf) : new Map();
}

/** Seconds from a shop's start to its first customer, seen as it happened. */
async function joined(lab: LabView): Promise<number | undefined> {
  const counts = await serving(lab);
  const came = startedNow(lab).find((shop) => counts.has(shop));
  if (came === undefined) return undefined;
  const waited = Date.now() - startedAt(lab, came);
  return waited > seenComing ? undefined : Math.round(waited / 100) / 10;
}

/** Which mistake the learner's settings are, and why; undefined where they are none. */
function faultOfSettings(lab: LabView): readonly [mistake: string, observed: string] | undefined {
  try {
    const { ttlSeconds, heartbeatSeconds } = parseSettings(lab.file(settingsFile) ?? '{}');
    if (ttlSeconds > heartbeatSeconds) return undefined;
    return ['ttl-too-short', `entries end after ${ttlSeconds} s and are renewed every ${heartbeatSeconds} s`];
  } catch (error) {
    return ['not-taken-over', `registration.json: ${(error as Error).message}`];
  }
}

const inWords = (names: Iterable<string>): string => [...names].join(', ') || 'nobody';

export default lesson({
  minutes: 10,
  leavesNothing: true,
  needs: ['replication/whole-cluster'],
  file: settingsFile,
  checks: [
    check('The shops enter themselves in the registry', {
      at: 'redis',
      look: async (lab) => {
        const expected = 'every shop that runs, once, each entry with an end';
        const entries = await entriesOf(lab);
        const observed = `in the registry: ${entries.map(({ url, ttl }) => `${url} (${ttl} s)`).join(', ') || 'nothing'}`;
        const byHand = entries.find(({ ttl }) => ttl < 0);
        if (byHand) return wrong('registered-twice', `the entry of ${byHand.url} never ends`, expected);
        const settings = faultOfSettings(lab);
        if (settings) return wrong(...settings, expected);
        const up = all.filter((shop) => isRunning(lab, shop));
        const entered = up.filter((shop) => entries.some(({ url }) => url.endsWith(lab.peer(shop))));
        return entered.length === up.length && up.length > 1 ? pass(observed) : pending(observed, expected);
      },
      reproduce: redisCli('redis', `KEYS ${folder}*`),
    }),
    check('The gateway sends customers to whoever is in it', {
      at: 'gateway',
      kind: 'event',
      look: async (lab) => {
        const expected = 'three shops from the registry serve';
        const fault = await rulesFault(lab);
        if (fault) return pending(fault, expected);
        if (!fromRegistry(lab)) return pending('the gateway goes by the list in its file', expected);
        const counts = await serving(lab);
        const observed = `serving: ${inWords(counts.keys())}`;
        return all.every((shop) => counts.has(shop)) && !counts.has('gateway')
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
    check('A shop was started, and came by itself', {
      at: 'shop3',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'a shop started in this lesson serves';
        const started = startedNow(lab);
        const counts = await serving(lab);
        const came = started.filter((shop) => counts.has(shop));
        const observed = `started: ${inWords(started)}; serving: ${inWords(counts.keys())}`;
        return came.length > 0 ? pass(observed) : pending(observed, expected);
      },
    }),
    check('A dead shop is gone, though it never said goodbye', {
      at: 'shop2',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'one shop down, its entry gone, every request served by others';
        const down = all.filter((shop) => !isRunning(lab, shop));
        if (down.length === 0) return pending('all shops live', expected);
        const entries = await entriesOf(lab);
        const left = down.filter((shop) => entries.some(({ url }) => url.endsWith(lab.peer(shop))));
        if (left.length > 0) return pending(`${inWords(left)} is still in the registry`, expected);
        const counts = await serving(lab);
        const observed = `down: ${inWords(down)}; serving: ${inWords(counts.keys())}`;
        return counts.size > 0 && !counts.has('gateway') ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  questions: [number('joined', 's')],
  measurements: [measurement('joined', { unit: 's', measure: joined })],
  mistakes: [
    mistake('not-taken-over', { after: write(settingsFile, '{ "register": true, }\n') }),
    mistake('ttl-too-short', { after: registration({ ttl: 2, heartbeat: 5 }) }),
    mistake('registered-twice', {
      after: [registration(), redisCli('redis', `SET ${folder}first/url ${at('shop1')}`)],
    }),
  ],
  solution: [
    answer('joined', '10'),
    registration(),
    save({ service: 'shop@redis' }),
    until('the three shops are known', async (lab) => known(lab).length === all.length),
    fault('stop', 'shop3'),
    fault('start', 'shop3'),
    until('shop3 is known again', async (lab) => known(lab).includes('shop3')),
    fault('kill', 'shop2'),
    until('the registry has forgotten shop2', async (lab) => {
      const entries = await entriesOf(lab);
      return !entries.some(({ url }) => url.endsWith(lab.peer('shop2'))) && !known(lab).includes('shop2');
    }),
  ],
});
