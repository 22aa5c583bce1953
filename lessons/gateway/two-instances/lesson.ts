import {
  answer,
  askTimes,
  bash,
  check,
  gatewayOf,
  instanceOf,
  type LabView,
  lesson,
  measurement,
  mistake,
  number,
  pass,
  pending,
  rulesFault,
  tally,
  upstreams,
  write,
  wrong,
} from '../../../src/lesson/lesson.js';
import { at, rules, save, shops } from '../rules.js';

/** Requests that one look sends; of two shops that take turns each has half. */
const asked = 30;
const two = ['shop1', 'shop2'];

/** Every address the learner's rules name, also one that stands there twice; who is in the registry is none of them. */
const listed = (lab: LabView) =>
  gatewayOf(lab)
    ?.services.filter(({ name }) => name.endsWith('@file'))
    .flatMap(({ servers }) => servers) ?? [];

/** How many of the requests through the door each shop answered; undefined until both are behind it. */
async function spread(lab: LabView): Promise<ReadonlyMap<string, number> | undefined> {
  if (!two.every((shop) => upstreams(lab).some(({ service }) => service === shop))) return undefined;
  const answers = await askTimes(lab, asked);
  return answers.every(({ status }) => status === 200) ? tally(answers, instanceOf) : undefined;
}

export default lesson({
  minutes: 7,
  leavesNothing: true,
  needs: ['replication/whole-cluster'],
  file: 'gateway/dynamic.yaml',
  checks: [
    check('The gateway knows shop1 and shop2', {
      at: 'gateway',
      look: async (lab) => {
        const expected = 'shop1 and shop2 in its list';
        const fault = await rulesFault(lab);
        if (fault) return wrong('not-yaml', fault, expected);
        const names = listed(lab).map(({ service, url }) => service ?? url);
        const observed = `its list: ${names.join(', ') || 'nobody'}`;
        const nobody = listed(lab).find(({ service }) => service === undefined);
        if (nobody) return wrong('wrong-address', `no shop is at ${nobody.url}`, expected);
        if (new Set(names).size < names.length) return wrong('same-shop-twice', observed, expected);
        return two.every((shop) => names.includes(shop)) ? pass(observed) : pending(observed, expected);
      },
      reproduce: bash('shop1', 'curl --silent --head http://{{peer gateway}}/live'),
    }),
    check('Both serve customers, by turns', {
      at: 'gateway',
      look: async (lab) => {
        const expected = `of ${asked} requests, a third or more to each`;
        const answers = await askTimes(lab, asked);
        const counts = tally(answers, instanceOf);
        const observed = [...counts].map(([who, count]) => `${who} ${count}`).join(', ');
        const failed = answers.filter(({ status }) => status >= 500).length;
        if (failed > 0 && upstreams(lab).length > 1)
          return wrong('wrong-address', `${failed} of ${asked} failed`, expected);
        const fair = two.every((shop) => (counts.get(shop) ?? 0) >= asked / 3);
        return fair && failed === 0 ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  questions: [number('share', '%')],
  measurements: [
    measurement('share', {
      unit: '%',
      measure: async (lab) => {
        const counts = await spread(lab);
        return counts && Math.round(((counts.get('shop2') ?? 0) * 100) / asked);
      },
    }),
  ],
  mistakes: [
    mistake('same-shop-twice', { after: save({ services: shops([at('shop1'), `${at('shop1')}/`]) }) }),
    mistake('wrong-address', { after: save({ services: shops([at('shop1'), 'http://127.0.0.1:9']) }) }),
    mistake('not-yaml', {
      after: write(
        'gateway/dynamic.yaml',
        rules({ services: shops([at('shop1')]) }).replace('    shop:', '\tshop:'),
      ),
    }),
  ],
  solution: [answer('share', '50'), save({ services: shops([at('shop1'), at('shop2')]) })],
});
