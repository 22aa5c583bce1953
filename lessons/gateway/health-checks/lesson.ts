import {
  answer,
  askTimes,
  bash,
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
  pass,
  pending,
  rulesFault,
  type ShopAnswer,
  secondsOf,
  servicesOnTheWay,
  sinceLastFailure,
  startedAt,
  tally,
  traffic,
  trafficOfLesson,
  until,
  upstreams,
  wrong,
} from '../../../src/lesson/lesson.js';
import { at, healthCheck, save, shops } from '../rules.js';

/** Failed requests from which on a dead shop was noticed, by its customers. */
const noticed = 60;
/** Requests in a row that have to succeed while a shop is dead. */
const inARow = 200;
/** Longer than this between two questions, and a dead shop is met by too many. */
const longestInterval = 5;
const two = [at('shop1'), at('shop2')];

const dead = (lab: LabView) => ['shop1', 'shop2'].filter((service) => !isRunning(lab, service));

const checksOf = (lab: LabView) => {
  const view = gatewayOf(lab);
  return view ? servicesOnTheWay(view).flatMap((service) => service.healthCheck ?? []) : [];
};

/** Of the seconds of this lesson's traffic with failures, the share that failed; the first may have begun well. */
function failedShare(lab: LabView): number | undefined {
  const report = trafficOfLesson(lab);
  if (!report || report.total.failed < noticed || checksOf(lab).length > 0) return undefined;
  const bad = report.seconds.filter(({ failed }) => failed > 0).slice(1);
  const failed = bad.reduce((sum, second) => sum + second.failed, 0);
  const ok = bad.reduce((sum, second) => sum + second.ok, 0);
  return Math.round((failed * 100) / (failed + ok));
}

const calmNow = (lab: LabView): number => (trafficOfLesson(lab) ? (sinceLastFailure(lab)?.ok ?? 0) : 0);
const isDown = (lab: LabView, shop: string): boolean =>
  upstreams(lab).some(({ service, up }) => service === shop && !up);

const withCheck = (check: string) => save({ services: shops(two, { more: check }) });
const customers = traffic('start', { rate: 30 });
const noticedIt = until(
  `${noticed} customers have been turned away`,
  async (lab) => (trafficOfLesson(lab)?.total.failed ?? 0) >= noticed,
);

export default lesson({
  minutes: 9,
  leavesNothing: true,
  file: 'gateway/dynamic.yaml',
  checks: [
    check('A shop was dead, and customers were sent to it', {
      at: 'shop2',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = `one shop dead, ${noticed} requests failed`;
        const report = trafficOfLesson(lab);
        if (!report) return pending('no traffic since you began this lesson', expected);
        const observed = `dead: ${dead(lab).join(', ') || 'none'}; ${report.total.failed} requests failed`;
        return dead(lab).length > 0 && report.total.failed >= noticed
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
    check('The gateway asks its shops whether they live', {
      at: 'gateway',
      look: async (lab) => {
        const expected = `a health check, every ${longestInterval} s or more often`;
        const fault = await rulesFault(lab);
        if (fault) return pending(fault, expected);
        const [asks] = checksOf(lab);
        if (!asks) return pending('no health check', expected);
        const { path, interval = '' } = asks;
        const observed = `asks ${path} every ${interval}`;
        if (path === '/health') return wrong('asks-the-database', observed, expected);
        const answers = await Promise.all(
          ['shop1', 'shop2']
            .filter((shop) => !dead(lab).includes(shop))
            .map((shop): Promise<ShopAnswer> => lab.shop(path, {}, shop)),
        );
        const refused = answers.find(({ status }) => status >= 400);
        if (refused)
          return wrong('wrong-path', `a shop that lives says ${refused.status} at ${path}`, expected);
        return secondsOf(interval || '30s') > longestInterval
          ? wrong('asks-seldom', observed, expected)
          : pass(observed);
      },
      reproduce: bash('shop1', 'curl --silent --include http://{{address shop1}}/live'),
    }),
    check('A shop is dead, and no customer is turned away', {
      at: 'shop2',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = `one shop dead and out of the gateway's turn, ${inARow} requests in a row well served`;
        if (!trafficOfLesson(lab)) return pending('no traffic yet', expected);
        const [gone] = dead(lab);
        if (gone === undefined) return pending('both shops live', expected);
        if (!isDown(lab, gone)) return pending(`the gateway still sends customers to ${gone}`, expected);
        const observed = `${gone} is out; ${calmNow(lab)} requests in a row served`;
        return calmNow(lab) >= inARow ? pass(observed) : pending(observed, expected);
      },
    }),
    check('The shop came back, and was let in again', {
      at: 'shop2',
      look: async (lab) => {
        const expected = 'started again, and serving';
        const report = trafficOfLesson(lab);
        const back = ['shop1', 'shop2'].filter((shop) => report && startedAt(lab, shop) > report.startedAt);
        if (back.length === 0) return pending('no shop was started again', expected);
        const counts = tally(await askTimes(lab, 20), instanceOf);
        const observed = [...counts].map(([who, count]) => `${who} ${count}`).join(', ');
        return checksOf(lab).length > 0 && back.every((shop) => counts.has(shop)) && !counts.has('gateway')
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
  ],
  questions: [number('share', '%')],
  measurements: [measurement('share', { unit: '%', measure: async (lab) => failedShare(lab) })],
  mistakes: [
    mistake('wrong-path', { after: withCheck(healthCheck.replace('/live', '/alive')) }),
    mistake('asks-the-database', { after: withCheck(healthCheck.replace('/live', '/health')) }),
    mistake('asks-seldom', { after: withCheck('        healthCheck:\n          path: /live\n') }),
  ],
  solution: [
    answer('share', '50'),
    save({ services: shops(two) }),
    customers,
    until('customers are served', async (lab) => calmNow(lab) >= 30),
    fault('kill', 'shop2'),
    noticedIt,
    withCheck(healthCheck),
    until(
      `${inARow} requests in a row are served`,
      async (lab) => isDown(lab, 'shop2') && calmNow(lab) >= inARow,
    ),
    fault('start', 'shop2'),
    until('shop2 is let in again', async (lab) =>
      upstreams(lab).some(({ service, up }) => service === 'shop2' && up),
    ),
    traffic('stop'),
  ],
});
