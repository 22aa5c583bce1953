import {
  answer,
  askTimes,
  check,
  fault,
  gatewayOf,
  type LabView,
  lesson,
  measurement,
  mistake,
  number,
  pass,
  pending,
  rulesFault,
  type ShopAnswer,
  servicesOnTheWay,
  traffic,
  trafficOfLesson,
  until,
  wrong,
} from '../../../src/lesson/lesson.js';
import { at, healthCheck, save, shops } from '../rules.js';

/** Requests of one look: by weights of 9 and 1, ten of them meet the new version. */
const asked = 100;
/** Of 100, and how far from it a weight still counts as one of ten. */
const tenth = { least: 5, most: 15 };
/** Requests that customers make while versions change. */
const enough = 300;

const isNew = ({ headers }: ShopAnswer): boolean => headers['x-shop-version'] === '2';
const newOf = (answers: readonly ShopAnswer[]): number => answers.filter(isNew).length;

/** The weights by which customers are shared out, by the shops that a service leads to. */
function weightsOf(lab: LabView): readonly { readonly isNew: boolean; readonly weight: number }[] {
  const view = gatewayOf(lab);
  const weights = view ? servicesOnTheWay(view).flatMap((service) => service.weights ?? []) : [];
  return weights.map(({ service, weight }) => ({
    weight,
    isNew:
      view?.services.find(({ name }) => name === service)?.servers.some((one) => one.service === 'shop3') ??
      false,
  }));
}

/** Of 100 customers, how many the weights send to the new version; undefined where there are no such weights. */
function intended(lab: LabView): number | undefined {
  const weights = weightsOf(lab);
  const sum = (which: typeof weights) => which.reduce((total, { weight }) => total + weight, 0);
  if (!weights.some((one) => one.isNew) || sum(weights) === 0) return undefined;
  return (sum(weights.filter((one) => one.isNew)) * 100) / sum(weights);
}

const isTenth = (percent: number): boolean => percent >= tenth.least && percent <= tenth.most;

/** How many of 100 requests the new version answered, once weights send it a tenth and the gateway goes by them. */
async function share(lab: LabView): Promise<number | undefined> {
  const percent = intended(lab);
  if (percent === undefined || !isTenth(percent)) return undefined;
  const count = newOf(await askTimes(lab, asked));
  return isTenth(count) ? count : undefined;
}

const weighted = (old: number, fresh: number) =>
  save({
    services: `    shop:
      weighted:
        services:
          - name: old
            weight: ${old}
          - name: new
            weight: ${fresh}
${shops([at('shop1'), at('shop2')], { name: 'old', more: healthCheck })}${shops([at('shop3')], { name: 'new' })}`,
  });
/** Who only looks: an order that a busy disk keeps waiting would count as one that the change has lost. */
const customers = traffic('start', { rate: 30, orders: 0 });
/** A shop that was just started lives before it is connected to its database. */
const ready = until('each shop shows its products', async (lab) => {
  const pages = ['shop1', 'shop2', 'shop3'].map((shop) => lab.shop('/products', {}, shop));
  return (await Promise.all(pages)).every(({ status }) => status === 200);
});
const served = until('customers are served', async (lab) => (trafficOfLesson(lab)?.total.ok ?? 0) >= 60);

export default lesson({
  minutes: 9,
  leavesNothing: true,
  needs: ['replication/whole-cluster'],
  file: 'gateway/dynamic.yaml',
  checks: [
    check('One customer of ten meets the new version', {
      at: 'gateway',
      kind: 'event',
      look: async (lab) => {
        const expected = `of ${asked} requests about 10 to version 2, the others to version 1`;
        const fault = await rulesFault(lab);
        if (fault) return pending(fault, expected);
        const percent = intended(lab);
        if (percent === undefined) return pending('no weights that lead to shop3', expected);
        const wanted = `${Math.round(percent)} of 100 by the weights`;
        if (percent > 0 && percent < 100 && !isTenth(percent))
          return wrong('weights-no-percent', wanted, expected);
        // Asked for once: a hundred requests are not nothing on a busy machine.
        const count = lab.measured('share');
        return count === undefined
          ? pending(wanted, expected)
          : pass(`${count} of ${asked} answered by version 2`);
      },
    }),
    check('Then everybody does', {
      at: 'gateway',
      kind: 'event',
      look: async (lab) => {
        const expected = 'all requests to version 2, under traffic';
        if (trafficOfLesson(lab)?.state !== 'running') return pending('no customers under way', expected);
        const answers = await askTimes(lab, 30);
        const observed = `${newOf(answers)} of 30 answered by version 2`;
        return newOf(answers) === 30 && (intended(lab) ?? 100) === 100
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
    check('And no request failed', {
      at: 'gateway',
      look: async (lab) => {
        const expected = `0 failed of ${enough} or more, traffic stopped after the change`;
        const report = trafficOfLesson(lab);
        if (!report) return pending('no traffic yet', expected);
        const { ok, failed } = report.total;
        const observed = `${failed} of ${ok + failed} failed`;
        if (failed > 0) return wrong('turned-away', observed, expected);
        if (report.state !== 'stopped') return pending(`${observed}; the traffic goes on`, expected);
        return ok >= enough ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  questions: [number('share', 'requests')],
  measurements: [
    measurement('share', { unit: 'requests', measure: share }),
    measurement('failed', {
      unit: 'requests',
      measure: async (lab) => {
        const report = trafficOfLesson(lab);
        return report?.state === 'stopped' ? report.total.failed : undefined;
      },
    }),
  ],
  mistakes: [
    mistake('weights-no-percent', { after: weighted(9, 10) }),
    mistake('turned-away', {
      after: [
        save({ services: shops([at('shop1'), at('shop2')]) }),
        customers,
        served,
        fault('kill', 'shop1'),
        fault('kill', 'shop2'),
      ],
    }),
  ],
  solution: [
    answer('share', '10'),
    ready,
    customers,
    served,
    weighted(9, 1),
    until('the new version meets customers', async (lab) => (await share(lab)) !== undefined),
    weighted(0, 1),
    until('everybody meets it', async (lab) => newOf(await askTimes(lab, 30)) === 30),
    until(`${enough} requests were made`, async (lab) => (trafficOfLesson(lab)?.total.ok ?? 0) >= enough),
    traffic('stop'),
  ],
});
