import {
  cacheReport,
  isInUse,
  type LabView,
  redisViews,
  type Step,
  until,
  write,
} from '../../src/lesson/lesson.js';

/** What the learner's `shop/cache.js` is made of: the parts that differ from lesson to lesson. */
interface CacheParts {
  /** What `connection` is. */
  readonly connection?: string;
  /** How an answer is kept. */
  readonly set?: string;
  /** What is kept only if this is so. */
  readonly keepIf?: string;
  /** What `written` does. */
  readonly onWrite?: string;
  /** Whether changes past the shop are heard. */
  readonly watch?: boolean;
  /** One flight for all who ask at once; `for-ever`: which is never forgotten. */
  readonly flights?: 'none' | 'one' | 'for-ever';
  /** Whether it goes on without Redis. */
  readonly goesOn?: boolean;
}

const single = "{ nodes: ['redis'] }";
/** What `connection` is from the lesson on hash slots on. */
export const cluster = "{ nodes: ['redis1', 'redis2'], cluster: true }";

const keep = "await redis.set(key, text, 'EX', seconds)";
const forget = 'await redis.del(key)';

/** The whole file. Its lines are those that the lessons show. */
export function cacheFile({
  connection = single,
  set = keep,
  keepIf = 'value !== null',
  onWrite = forget,
  watch = true,
  flights = 'one',
  goesOn = true,
}: CacheParts): string {
  const get = `  const kept = await redis.get(key)${goesOn ? '.catch(() => null)' : ''};
  if (kept !== null) return JSON.parse(kept);
`;
  const fill = `  const value = await load();
  const text = JSON.stringify(value);
  if (${keepIf}) {
    ${set}${goesOn ? '.catch(() => {})' : ''};
  }
  return value;
`;
  const read =
    flights === 'none'
      ? `export async function read(key, load, { redis }) {
${get}${fill}}
`
      : `const flights = new Map();

export async function read(key, load, { redis }) {
${get}  let flight = flights.get(key);
  if (flight === undefined) {
    flight = fill(key, load, redis)${flights === 'one' ? '.finally(() => flights.delete(key))' : ''};
    flights.set(key, flight);
  }
  return flight;
}

async function fill(key, load, redis) {
${fill}}
`;
  const body = onWrite === '' ? '{}' : `{\n  ${onWrite}${goesOn ? '.catch(() => {})' : ''};\n}`;
  return `export const connection = ${connection};
${watch ? 'export const watch = true;\n' : ''}
const seconds = 60;

${read}
export async function written(key, { redis }) ${body}
`;
}

/** Writes `cache.js`, and waits until the shop has it. */
export function saveCache(parts: CacheParts): readonly Step[] {
  return saveText(cacheFile(parts));
}

/** The same for any text. */
export function saveText(text: string): readonly Step[] {
  return [write('shop/cache.js', text), until('the shop has loaded it', inUse, { within: 20_000 })];
}

async function inUse(lab: LabView): Promise<boolean> {
  return isInUse(await cacheReport(lab), lab);
}

/** Nodes that were just started refuse all until they have heard of each other. */
export const clusterIsWhole: Step = until('every node says cluster_state:ok', async (lab) => {
  const states = await Promise.all(
    redisViews(lab).map(async ({ service }) => (await lab.redis(service)).cluster('INFO')),
  );
  return states.length === 6 && states.every((state) => String(state).includes('cluster_state:ok'));
});
