import {
  asTyped,
  check,
  type LabView,
  lesson,
  mistake,
  mongosh,
  pass,
  pending,
  sameKey,
  shardKeys,
  until,
  wrong,
  zoneRanges,
  zonesOfShards,
} from '../../../src/lesson/lesson.js';

const namespace = 'shop.members';
const key = { region: 1, customerId: 1 };
const europeans = 1000;

const fill = `use shop
sh.shardCollection("shop.members", { region: 1, customerId: 1 })
db.members.insertMany(Array.from({ length: 3000 }, (_, i) => ({
  region: ["ASIA", "EU", "US"][i % 3], customerId: i
})), { ordered: false }).acknowledged`;
const zone = 'sh.addShardToZone("shard2", "EU")';
const range = `sh.updateZoneKeyRange(
  "shop.members",
  { region: "EU", customerId: MinKey },
  { region: "EU", customerId: MaxKey },
  "EU"
)`;
const where = `const eu = () => db.members.find({ region: "EU" }).explain("executionStats")
const where = () => eu().executionStats.executionStages.shards.map(
  s => s.shardName + ": " + s.nReturned
)
where()`;
const typed = (...lines: string[]) => mongosh('router1', lines.join('\n'));

/** How many Europeans each shard that is asked for them finds. */
async function europeansOn({ mongo }: LabView): Promise<ReadonlyMap<string, number>> {
  const members = mongo('router1').db('shop').collection('members');
  const { executionStats } = await members.find({ region: 'EU' }).explain('executionStats');
  const shards = (executionStats?.executionStages?.shards ?? []) as {
    shardName: string;
    nReturned: number;
  }[];
  return new Map(shards.map(({ shardName, nReturned }) => [shardName, Number(nReturned)]));
}

async function atHome(lab: LabView): Promise<boolean> {
  const found = await europeansOn(lab);
  const elsewhere = [...found].some(([shard, count]) => shard !== 'shard2' && count > 0);
  return !elsewhere && (found.get('shard2') ?? 0) >= europeans;
}

const isKey = (value: unknown, name: 'MinKey' | 'MaxKey'): boolean =>
  (value as { _bsontype?: string } | undefined)?._bsontype === name;

export default lesson({
  minutes: 8,
  leavesNothing: true,
  checks: [
    check('The members are sharded by region first', {
      at: 'router1',
      look: async ({ mongo }) => {
        const found = (await shardKeys(mongo('router1'))).get(namespace);
        const expected = `3000 members by ${asTyped(key)}`;
        if (!found) return pending(`${namespace} is not sharded`, expected);
        const count = await mongo('router1').db('shop').collection('members').countDocuments();
        const observed = `${count} members by ${asTyped(found)}`;
        if (!sameKey(found, key)) {
          return 'region' in found ? pending(observed, expected) : wrong('no-region', observed, expected);
        }
        return count >= 3000 ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("config").collections.find({ _id: "shop.members" })'),
    }),
    check('shard2 alone is in the zone EU', {
      at: 'router1',
      look: async ({ mongo }) => {
        const zones = await zonesOfShards(mongo('router1'));
        const inEurope = [...zones].filter(([, names]) => names.includes('EU')).map(([shard]) => shard);
        const expected = 'zone EU: shard2';
        if (inEurope.length === 0) return pending('no shard is in a zone "EU"', expected);
        const observed = `zone EU: ${inEurope.join(', ')}`;
        if (!inEurope.includes('shard2')) return wrong('other-shard', observed, expected);
        return inEurope.length > 1 ? wrong('two-shards', observed, expected) : pass(observed);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("config").shards.find({}, { tags: 1 })'),
    }),
    check('The range of all European members belongs to the zone', {
      at: 'router1',
      look: async ({ mongo }) => {
        const ranges = (await zoneRanges(mongo('router1'))).filter((one) => one.zone === 'EU');
        const expected = `${namespace}: region "EU", from MinKey to MaxKey`;
        const own = ranges.filter((one) => one.namespace === namespace);
        if (own.length === 0 && ranges[0]) {
          return wrong('other-collection', `a range of ${ranges[0].namespace}`, expected);
        }
        if (!own[0]) return pending('no range belongs to the zone', expected);
        const whole = own.some(
          ({ min, max }) =>
            (min.region < 'EU' || (min.region === 'EU' && isKey(min.customerId, 'MinKey'))) &&
            (max.region > 'EU' || (max.region === 'EU' && isKey(max.customerId, 'MaxKey'))),
        );
        const observed = `${namespace}: from ${bound(own[0].min)} to ${bound(own[0].max)}`;
        return whole ? pass(observed) : wrong('too-narrow', observed, expected);
      },
      reproduce: mongosh('router1', 'db.getSiblingDB("config").tags.find()'),
    }),
    check('Every European member lives on shard2', {
      at: 'shard2a',
      look: async (lab) => {
        const expected = `${europeans} on shard2, and nowhere else`;
        if (!(await shardKeys(lab.mongo('router1'))).has(namespace)) {
          return pending(`${namespace} is not sharded`, expected);
        }
        const found = [...(await europeansOn(lab))].map(([shard, count]) => `${count} on ${shard}`);
        const observed = `of region EU ${found.join(', ')}`;
        return (await atHome(lab)) ? pass(observed) : pending(observed, expected);
      },
      reproduce: mongosh('router1', `use shop\n${where}`),
    }),
  ],
  mistakes: [
    mistake('other-shard', { after: typed('sh.addShardToZone("shard1", "EU")') }),
    mistake('two-shards', { after: typed('sh.addShardToZone("shard1", "EU")', zone) }),
    mistake('other-collection', { after: typed(fill, zone, range.replace('shop.members', 'shop.member')) }),
    mistake('too-narrow', {
      after: typed(fill, zone, range.replace('MinKey', '0').replace('MaxKey', '1000')),
    }),
    mistake('no-region', {
      after: typed('sh.shardCollection("shop.members", { customerId: "hashed" })'),
    }),
  ],
  solution: [
    typed(fill, where, zone, range),
    until('the balancer has brought them there', atHome, { within: 120_000 }),
    typed('use shop', where),
  ],
});

function bound({ region, customerId }: { region?: unknown; customerId?: unknown }): string {
  const said = (value: unknown): string =>
    isKey(value, 'MinKey') ? 'MinKey' : isKey(value, 'MaxKey') ? 'MaxKey' : JSON.stringify(value);
  return `${said(region)}, ${said(customerId)}`;
}
