import { randomInt } from 'node:crypto';
import {
  answer,
  askTimes,
  check,
  gatewayOf,
  type LabView,
  lesson,
  measurement,
  middlewaresOnTheWay,
  mistake,
  number,
  pass,
  pending,
  rulesFault,
  type ShopAnswer,
  wrong,
} from '../../../src/lesson/lesson.js';
import { at, healthCheck, save, shops } from '../rules.js';

/** What one greedy customer asks at once, and what is refused of it at least. */
const greedy = 60;
const refusedAtLeast = 20;
/** Customers who come at the same time, each for the first time. */
const others = 40;

const limitOf = (lab: LabView) => {
  const view = gatewayOf(lab);
  return {
    made: view?.middlewares.some(({ type }) => type === 'rateLimit') ?? false,
    used: view !== undefined && middlewaresOnTheWay(view).some(({ type }) => type === 'rateLimit'),
  };
};

/** An address of the networks that are kept for examples (RFC 5737, RFC 2544), so that no look counts for the next. */
function newAddress(): string {
  const host = randomInt(2 ** 17);
  return `198.${18 + (host >> 16)}.${(host >> 8) & 255}.${host & 255}`;
}

async function askGreedily(lab: LabView): Promise<readonly ShopAnswer[]> {
  return askTimes(lab, greedy, { request: { headers: { 'x-forwarded-for': newAddress() } } });
}

const refused = (answers: readonly ShopAnswer[]): number =>
  answers.filter(({ status }) => status === 429).length;

/** Below `middlewares:`; `from` says whose requests count together. */
const limit = (from: string) => `    calm:
      rateLimit:
        average: 5
        burst: 10
${from}`;
const byCustomer = `        sourceCriterion:
          ipStrategy:
            depth: 1
`;
const behind = shops([at('shop1'), at('shop2')], { more: healthCheck });

export default lesson({
  minutes: 8,
  leavesNothing: true,
  needs: ['replication/whole-cluster'],
  file: 'gateway/dynamic.yaml',
  checks: [
    check('A customer who asks too much is told to wait', {
      at: 'gateway',
      look: async (lab) => {
        const expected = `of ${greedy} requests at once from one address, ${refusedAtLeast} or more answered 429`;
        const fault = await rulesFault(lab);
        if (fault) return pending(fault, expected);
        const { made, used } = limitOf(lab);
        if (made && !used) return wrong('not-on-the-way', 'a limit that no router names', expected);
        if (!used) return pending('no limit', expected);
        const answers = await askGreedily(lab);
        const observed = `${refused(answers)} of ${greedy} answered 429`;
        return refused(answers) >= refusedAtLeast && refused(answers) < greedy
          ? pass(observed)
          : pending(observed, expected);
      },
    }),
    check('The others do not notice', {
      at: 'gateway',
      look: async (lab) => {
        const expected = `${others} customers at the same time, all served`;
        const [mine, ...theirs] = await Promise.all([
          askGreedily(lab),
          ...Array.from({ length: others }, () =>
            lab.shop('/live', { headers: { 'x-forwarded-for': newAddress() } }, 'gateway'),
          ),
        ]);
        const hurt = refused(theirs);
        const served = theirs.filter(({ status }) => status === 200).length;
        const observed = `${served} of ${others} others served`;
        if (hurt > 0) return wrong('one-for-all', `${hurt} of ${others} others answered 429`, expected);
        if (refused(mine ?? []) === 0) return pending('nobody is limited', expected);
        return served === others ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  questions: [number('served', 'requests')],
  measurements: [
    measurement('served', {
      unit: 'requests',
      measure: async (lab) => {
        if (!limitOf(lab).used) return undefined;
        const answers = await askGreedily(lab);
        return refused(answers) === 0 ? undefined : greedy - refused(answers);
      },
    }),
  ],
  mistakes: [
    mistake('one-for-all', {
      after: save({ through: ['calm'], middlewares: limit(''), services: behind }),
    }),
    mistake('not-on-the-way', { after: save({ middlewares: limit(byCustomer), services: behind }) }),
  ],
  solution: [
    answer('served', '10'),
    save({ through: ['calm'], middlewares: limit(byCustomer), services: behind }),
  ],
});
