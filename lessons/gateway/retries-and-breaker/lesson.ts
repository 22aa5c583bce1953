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
  middlewaresOnTheWay,
  mistake,
  number,
  pass,
  pending,
  rulesFault,
  traffic,
  trafficOfLesson,
  until,
  upstreams,
  wrong,
} from '../../../src/lesson/lesson.js';
import { at, save, shops } from '../rules.js';

const all = ['shop1', 'shop2', 'shop3'];
const routers = ['router1', 'router2'];
/** Requests that one look sends past a dead shop. */
const asked = 40;
/** Of these one may meet the dead shop with each of its attempts; a third of all do without a retry. */
const hidden = asked - 1;
/** Milliseconds: whoever answers sooner has asked no database. The shop tries for 2,500. */
const atOnce = 1_000;

const noDatabase = (lab: LabView): boolean => routers.every((router) => !isRunning(lab, router));

/** Where each kind stands on a customer's way; undefined for what is not on it. */
function wayOf(lab: LabView): { retry?: number; breaker?: number; attempts: number } {
  const view = gatewayOf(lab);
  const way = view ? middlewaresOnTheWay(view) : [];
  const place = (kind: string) => {
    const index = way.findIndex(({ type }) => type === kind);
    return index < 0 ? undefined : index;
  };
  const [retry, breaker] = [place('retry'), place('circuitBreaker')];
  return {
    ...(retry === undefined ? {} : { retry }),
    ...(breaker === undefined ? {} : { breaker }),
    attempts: Number(retry === undefined ? 0 : way[retry]?.settings.attempts),
  };
}

/** A dead shop that the gateway goes on sending customers to. */
const deadInTurn = (lab: LabView): string | undefined =>
  all.find(
    (shop) => !isRunning(lab, shop) && upstreams(lab).some(({ service, up }) => service === shop && up),
  );

/** A page that needs the database: who said what, and after how many milliseconds. */
async function askPage(lab: LabView): Promise<{ by: string; status: number; ms: number }> {
  const from = performance.now();
  const said = await lab.shop('/products', {}, 'gateway');
  return { by: instanceOf(said), status: said.status, ms: Math.round(performance.now() - from) };
}

/** The milliseconds that the slowest customers of a second waited, while shops still said no themselves. */
async function waitedForShops(lab: LabView): Promise<number | undefined> {
  const report = trafficOfLesson(lab);
  if (!report || !noDatabase(lab) || !(await isOpen(lab))) return undefined;
  const failing = report.seconds.filter(({ failed }) => failed > 0);
  return failing.length === 0 ? undefined : Math.round(Math.max(...failing.map(({ p95 }) => p95 ?? 0)));
}

/** The milliseconds that one customer waits for a no from the gateway itself. */
async function waitedForGateway(lab: LabView): Promise<number | undefined> {
  if (!noDatabase(lab) || wayOf(lab).breaker === undefined) return undefined;
  const { by, status, ms } = await askPage(lab);
  return status === 503 && by === 'gateway' ? ms : undefined;
}

const isOpen = async (lab: LabView): Promise<boolean> => {
  const { by, status, ms } = await askPage(lab);
  return by === 'gateway' && status === 503 && ms < atOnce;
};

const retry = (attempts: number) => `    again:
      retry:
        attempts: ${attempts}
        initialInterval: 50ms
`;
const breaker = `    fuse:
      circuitBreaker:
        expression: ResponseCodeRatio(500, 600, 0, 600) > 0.25
        fallbackDuration: 5s
        recoveryDuration: 5s
`;
const guarded = (through: readonly string[], attempts = 5) =>
  save({
    through,
    middlewares: retry(attempts) + breaker,
    services: shops(all.map(at)),
  });
const customers = traffic('start', { rate: 30, orders: 0 });
const served = until('customers are served', async (lab) => (trafficOfLesson(lab)?.total.ok ?? 0) >= 30);

export default lesson({
  minutes: 11,
  leavesNothing: true,
  needs: ['replication/whole-cluster'],
  file: 'gateway/dynamic.yaml',
  checks: [
    check('A shop was dead, and no customer saw it', {
      at: 'shop2',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = `a dead shop in the gateway's turn, ${hidden} or more of ${asked} requests served`;
        const fault = await rulesFault(lab);
        if (fault) return pending(fault, expected);
        const { retry: again, breaker: fuse, attempts } = wayOf(lab);
        if (again === undefined) return pending('no retry on the way', expected);
        if (attempts < 2) return wrong('one-attempt', `attempts: ${attempts}`, expected);
        const dead = deadInTurn(lab);
        const skipped = all.find((shop) => !isRunning(lab, shop));
        if (dead === undefined && skipped !== undefined)
          return pending(`${skipped} is dead, and a health check has taken it out of turn`, expected);
        if (dead === undefined) return pending('all shops live', expected);
        const answers = await askTimes(lab, asked);
        const ok = answers.filter(({ status }) => status === 200).length;
        const observed = `${dead} is dead; ${ok} of ${asked} served`;
        const refusedByGateway = answers.some((one) => one.status === 503 && instanceOf(one) === 'gateway');
        if (refusedByGateway && fuse !== undefined && fuse > again)
          return wrong('breaker-sees-retries', observed, expected);
        // For as long as it has not opened, it only seems well.
        if (fuse !== undefined && fuse > again) return pending(`${observed}, for now`, expected);
        return ok >= hidden ? pass(observed) : pending(observed, expected);
      },
    }),
    check('The database hangs, and the gateway says no at once', {
      at: 'router1',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = `both routers hanging, 503 from the gateway itself within ${atOnce} ms`;
        if (wayOf(lab).breaker === undefined) return pending('no circuit breaker on the way', expected);
        if (!noDatabase(lab)) return pending('a router runs', expected);
        const { by, status, ms } = await askPage(lab);
        const observed = `${status} from ${by} after ${ms} ms`;
        return by === 'gateway' && status === 503 && ms < atOnce
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
    check('The database is back, and customers are let in again', {
      at: 'router1',
      // The breaker looks back on ten seconds, and may open once more for what it remembers.
      holdFor: 8_000,
      look: async (lab) => {
        const expected = 'routers up, breaker and retry on the way, 10 of 10 pages served';
        const { retry: again, breaker: fuse } = wayOf(lab);
        if (again === undefined || fuse === undefined)
          return pending('not both of retry and circuit breaker on the way', expected);
        const down = routers.filter((router) => !isRunning(lab, router));
        if (down.length > 0) return pending(`not running: ${down.join(', ')}`, expected);
        const answers = await askTimes(lab, 10, { path: '/products' });
        const ok = answers.filter(({ status }) => status === 200).length;
        const observed = `${ok} of 10 pages served`;
        return ok === 10 ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  questions: [number('no-from-shop', 'ms')],
  measurements: [
    measurement('no-from-shop', { unit: 'ms', measure: waitedForShops }),
    measurement('no-from-gateway', { unit: 'ms', measure: waitedForGateway }),
  ],
  mistakes: [
    mistake('one-attempt', { after: guarded(['fuse', 'again'], 1) }),
    mistake('breaker-sees-retries', {
      after: [guarded(['again', 'fuse']), customers, served, fault('kill', 'shop2')],
    }),
  ],
  solution: [
    answer('no-from-shop', '100'),
    guarded(['fuse', 'again']),
    until('both are on the way', async (lab) => {
      const { retry: again, breaker: fuse } = wayOf(lab);
      return again !== undefined && fuse !== undefined;
    }),
    customers,
    served,
    fault('kill', 'shop2'),
    until('customers are served all the same', async (lab) => {
      const answers = await askTimes(lab, asked);
      return answers.filter(({ status }) => status === 200).length >= hidden;
    }),
    fault('start', 'shop2'),
    fault('pause', 'router1'),
    fault('pause', 'router2'),
    until('the gateway says no by itself', isOpen),
    fault('resume', 'router1'),
    fault('resume', 'router2'),
    until('pages are served again', async (lab) => (await askPage(lab)).status === 200),
    traffic('stop'),
  ],
});
