import {
  answer,
  check,
  type LabView,
  lesson,
  measurement,
  mistake,
  mongosh,
  number,
  pass,
  pending,
  sameKey,
  shardKeys,
  timeText,
  type Writing,
  writingOf,
  wrong,
} from '../../../src/lesson/lesson.js';

const namespace = 'shop.stock';
const size = 4000;
/** How many documents of the faulty list stand before its fault. */
const beforeFault = 1000;
/**
 * A list that is sent in parcels is written at some dozen moments at most, one that waits for each step at many
 * hundreds. How fast the machine is changes nothing about it, so this and no time tells them apart.
 */
const fewMoments = 200;

const begin = `use shop
sh.shardCollection("shop.stock", { sku: "hashed" })`;
const prepare = `const list = name => Array.from({ length: 4000 }, (_, i) => ({
  _id: name + i, list: name, sku: i
}))
const timed = (work, t = Date.now()) => { work(); return Date.now() - t }`;
const first = 'timed(() => db.stock.insertMany(list("first")))';
const second = 'timed(() => db.stock.insertMany(list("second"), { ordered: false }))';
const faulty = `const faulty = list("third")
faulty.splice(1000, 0, faulty[0])
try { db.stock.insertMany(faulty) } catch (e) { print(e.message) }`;
const counted = 'db.stock.countDocuments({ list: "third" })';
const typed = (...lines: string[]) => mongosh('router1', lines.join('\n'));

const stored = ({ mongo }: LabView, list: string) =>
  mongo('router1').db('shop').collection('stock').countDocuments({ list });

async function importOf(lab: LabView, list: string): Promise<Writing | undefined> {
  if ((await stored(lab, list)) < size) return undefined;
  return writingOf(lab, ['shard1a', 'shard2a'], namespace, { list });
}

/** Both imports, once they were made in the two ways. What is measured is kept, so not of two of one kind. */
async function imports(lab: LabView) {
  const [ordered, unordered] = await Promise.all([importOf(lab, 'first'), importOf(lab, 'second')]);
  const differ = ordered && unordered && ordered.moments > fewMoments && unordered.moments <= fewMoments;
  return differ ? { ordered, unordered } : undefined;
}

export default lesson({
  minutes: 8,
  leavesNothing: true,
  checks: [
    check('Two lists of 4,000 are imported, spread by their number', {
      at: 'router1',
      look: async (lab) => {
        const counts = await Promise.all(['first', 'second'].map((list) => stored(lab, list)));
        const key = (await shardKeys(lab.mongo('router1'))).get(namespace);
        const observed = `${counts[0]} of "first", ${counts[1]} of "second"`;
        const expected = `${size} of each in ${namespace}, sharded`;
        if (!key && counts.some((count) => count > 0)) {
          return wrong('not-sharded', `${observed}; ${namespace} is not sharded`, expected);
        }
        if (!key) return pending(`${namespace} is not there`, expected);
        if (!sameKey(key, { sku: 'hashed' })) return pending('sharded by another key', expected);
        return counts.every((count) => count === size) ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").stock.countDocuments({ list: "second" })'),
    }),
    check('The first import went in order, the second to both shards at once', {
      at: 'router1',
      kind: 'event',
      look: async (lab) => {
        const expected = 'the first list in order, the second with { ordered: false }';
        const [first, second] = await Promise.all([importOf(lab, 'first'), importOf(lab, 'second')]);
        if (!first) return pending('the first list is not imported', expected);
        const one = `first ${timeText(first.time)}`;
        if (first.moments <= fewMoments) return pending(`${one}, without order`, expected);
        if (!second) return pending(`${one}; the second is not imported`, expected);
        const observed = `${one}, second ${timeText(second.time)}`;
        return second.moments <= fewMoments ? pass(observed) : wrong('the-same-way', observed, expected);
      },
    }),
    check('You have seen where an ordered import stops', {
      at: 'router1',
      look: async (lab) => {
        const count = await stored(lab, 'third');
        const observed = `${count} of "third" stored`;
        const expected = `the ${beforeFault} before the fault`;
        if (count === beforeFault) return pass(observed);
        return count === size ? wrong('went-on', observed, expected) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("shop").stock.countDocuments({ list: "third" })'),
    }),
  ],
  questions: [number('ratio', 'times'), number('stored', 'documents')],
  measurements: [
    measurement('ratio', {
      unit: 'times',
      measure: async (lab) => {
        const both = await imports(lab);
        return both && both.ordered.time / both.unordered.time;
      },
    }),
    measurement('stored', {
      unit: 'documents',
      measure: async (lab) => {
        const count = await stored(lab, 'third');
        return count === beforeFault ? count : undefined;
      },
    }),
    measurement('ordered', { unit: 'ms', measure: async (lab) => (await imports(lab))?.ordered.time }),
    measurement('unordered', { unit: 'ms', measure: async (lab) => (await imports(lab))?.unordered.time }),
  ],
  mistakes: [
    mistake('not-sharded', { after: typed('use shop', prepare, first) }),
    mistake('the-same-way', {
      after: typed(begin, prepare, first, 'timed(() => db.stock.insertMany(list("second")))'),
    }),
    mistake('went-on', {
      after: typed(
        begin,
        prepare,
        faulty.replace('insertMany(faulty)', 'insertMany(faulty, { ordered: false })'),
      ),
    }),
  ],
  solution: [
    answer('ratio', '2'),
    answer('stored', '3999'),
    typed(begin, prepare, first, second, faulty, counted),
  ],
});
