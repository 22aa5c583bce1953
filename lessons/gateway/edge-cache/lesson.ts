import {
  answer,
  askTimes,
  check,
  fault,
  isRunning,
  type LabView,
  lesson,
  measurement,
  mistake,
  number,
  pass,
  pending,
  type ShopAnswer,
  type Step,
  until,
  write,
  wrong,
} from '../../../src/lesson/lesson.js';

const logo = '/static/logo.svg';
const banner = '/static/banner.svg';
/** Requests for one file in one look. */
const asked = 50;
/** How many of them an edge that keeps files may pass on: the first, and one when it grows old meanwhile. */
const mostPassedOn = 5;

/** What the edge says of an answer: `MISS`, `HIT`, `STALE`; empty where no cache was asked. */
const cacheOf = ({ headers }: ShopAnswer): string => headers['x-cache-status'] ?? '';
const ask = (lab: LabView, path: string, headers: Record<string, string> = {}) =>
  lab.shop(path, { headers }, 'edge');

/** Whether an answer is older than it should be: given instead of none, or while another is fetched. */
const isOld = (answer: ShopAnswer): boolean =>
  answer.status === 200 && ['STALE', 'UPDATING'].includes(cacheOf(answer));

/** How many of fifty requests for a file went on to a shop; undefined where the edge keeps nothing. */
async function passedOn(lab: LabView): Promise<number | undefined> {
  const answers = await askTimes(lab, asked, { path: logo, service: 'edge' });
  if (!answers.every(({ status }) => status === 200) || answers.every((one) => cacheOf(one) === ''))
    return undefined;
  return answers.filter((one) => !['HIT', 'STALE', 'UPDATING'].includes(cacheOf(one))).length;
}

const cacheConf = (more: string) => `proxy_pass http://origin;
proxy_cache files;
${more}add_header X-Cache-Status $upstream_cache_status always;
`;
const useStale =
  'proxy_cache_use_stale error timeout updating http_502 http_503 http_504;\nproxy_cache_lock on;\n';
/** The edge reads its file when it starts. */
const restarted = (conf: string): Step[] => [
  write('edge/cache.conf', conf),
  fault('stop', 'edge'),
  fault('start', 'edge'),
];

export default lesson({
  minutes: 10,
  leavesNothing: true,
  needs: ['replication/whole-cluster'],
  file: 'edge/cache.conf',
  skipWithout: 'edge',
  checks: [
    check('A file is fetched once, and then kept', {
      at: 'edge',
      look: async (lab) => {
        const expected = `of ${asked} requests for ${logo}, ${mostPassedOn} or fewer passed on`;
        const passed = await passedOn(lab);
        if (passed === undefined) return pending('the edge keeps nothing', expected);
        const observed = `${passed} of ${asked} passed on`;
        return passed <= mostPassedOn ? pass(observed) : pending(observed, expected);
      },
    }),
    check('Each region gets its own banner', {
      at: 'edge',
      look: async (lab) => {
        const expected = 'another banner in eu than in us, both from the cache';
        const eu = await ask(lab, banner, { 'x-region': 'eu' });
        const us = await ask(lab, banner, { 'x-region': 'us' });
        // Two customers who are both told that nobody is there are told the same.
        if (eu.status !== 200 || us.status !== 200) return pending('the banner does not come', expected);
        if (cacheOf(us) === '') return pending('the edge keeps nothing', expected);
        const same = eu.body === us.body;
        const observed = `eu: ${cacheOf(eu)}, us: ${cacheOf(us)}, ${same ? 'the same' : 'not the same'} banner`;
        return same ? wrong('regions-mixed-up', observed, expected) : pass(observed);
      },
    }),
    check('A basket belongs to one visitor', {
      at: 'edge',
      look: async (lab) => {
        const expected = 'another basket for each new visitor, and files from the cache';
        const [one, other] = [await ask(lab, '/basket'), await ask(lab, '/basket')];
        const visitor = ({ body }: ShopAnswer) => (body as { visitor?: string }).visitor;
        const kept = cacheOf(await ask(lab, logo)) !== '';
        if (one.status !== 200 || other.status !== 200) return pending('the basket does not open', expected);
        if (visitor(one) === visitor(other))
          return wrong('shared-basket', `two visitors, both are ${visitor(one)}`, expected);
        return kept ? pass('two visitors, two baskets') : pending('the edge keeps nothing', expected);
      },
    }),
    check('The shops are gone, and their pictures are still there', {
      at: 'gateway',
      kind: 'event',
      evenIfDown: true,
      look: async (lab) => {
        const expected = 'the gateway down, and an old answer (STALE) from the edge';
        if (isRunning(lab, 'gateway')) return pending('the gateway runs', expected);
        const answer = await ask(lab, logo);
        const observed = `${answer.status} ${cacheOf(answer)}`.trim();
        return isOld(answer) ? pass(observed) : pending(observed, expected);
      },
    }),
  ],
  questions: [number('passed-on', 'requests')],
  measurements: [measurement('passed-on', { unit: 'requests', measure: passedOn })],
  mistakes: [
    mistake('shared-basket', {
      after: restarted(
        cacheConf(
          'proxy_ignore_headers Set-Cookie Cache-Control;\nproxy_hide_header Set-Cookie;\nproxy_cache_valid 200 5s;\n',
        ),
      ),
    }),
    mistake('regions-mixed-up', { after: restarted(cacheConf('proxy_ignore_headers Vary;\n')) }),
  ],
  solution: [
    answer('passed-on', '1'),
    ...restarted(cacheConf(useStale)),
    until('files are kept', async (lab) => ((await passedOn(lab)) ?? asked) <= mostPassedOn),
    fault('kill', 'gateway'),
    until('what the edge has is old', async (lab) => isOld(await ask(lab, logo))),
    fault('start', 'gateway'),
  ],
});
