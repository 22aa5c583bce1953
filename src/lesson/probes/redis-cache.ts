import { type ClusterNode, parseClusterNodes, parseInfo } from '../../lab/observe/redis-nodes.js';
import type { RedisView } from '../../lab/observe/snapshot.js';
import { dropped } from '../../machine/debug-log.js';
import type { CacheReport } from '../../shop/cache/cache.js';
import { fileVersion } from '../../shop/cache/cache-file.js';
import type { ReadFigures } from '../../shop/cache/figures.js';
import type { LabView } from '../lab-view.js';

/** What the shop says of its cache (`GET /cache`). Rejects where the shop is silent. */
export async function cacheReport(lab: Pick<LabView, 'shop'>): Promise<CacheReport> {
  const { body } = await lab.shop('/cache');
  return body as CacheReport;
}

/** Whether the shop uses the file as it is now: it looks for a new one several times a second. */
export function isInUse(report: Pick<CacheReport, 'version'>, { file }: Pick<LabView, 'file'>): boolean {
  return report.version === fileVersion(file('shop/cache.js') ?? '');
}

/** Why the shop goes on without the learner's `cache.js`, or what was wrong at its last use; undefined where nothing is. */
export function cacheFault({ fault }: Pick<CacheReport, 'fault'>): string | undefined {
  if (fault === null) return undefined;
  const { line, message } = fault;
  return `cache.js${line === undefined ? '' : `, line ${line}`}: ${message}`;
}

/** Reads of one kind (`best-sellers`, `product`) since `cache.js` was last saved; undefined while there were none. */
export function readsOf({ reads }: Pick<CacheReport, 'reads'>, kind: string): ReadFigures | undefined {
  return reads[kind];
}

/** A key in Redis. */
export interface KeptKey {
  readonly key: string;
  /** Whole seconds until it ends; undefined where it never does. */
  readonly seconds?: number | undefined;
  /** Undefined where it is no text. */
  readonly value?: string | undefined;
}

/** More keys than a lesson makes; a check does not read a whole Redis. */
const mostKeys = 500;

/** What is kept on one Redis, up to 500 keys. Rejects where it does not answer. */
export async function keysOn(
  lab: Pick<LabView, 'redis'>,
  service: string,
  match = '*',
): Promise<readonly KeptKey[]> {
  const redis = await lab.redis(service);
  const keys: string[] = [];
  let cursor = '0';
  do {
    const [next, found] = await redis.scan(cursor, 'MATCH', match, 'COUNT', mostKeys);
    cursor = next;
    keys.push(...found);
  } while (cursor !== '0' && keys.length < mostKeys);
  return Promise.all(
    keys.map(async (key): Promise<KeptKey> => {
      const [seconds, value] = await Promise.all([redis.ttl(key), redis.get(key).catch(dropped)]);
      return {
        key,
        ...(seconds >= 0 ? { seconds } : {}),
        ...(typeof value === 'string' ? { value } : {}),
      };
    }),
  );
}

/** One section of a Redis's `INFO`, by field. Rejects where it does not answer. */
export async function infoOf(
  lab: Pick<LabView, 'redis'>,
  service: string,
  section: string,
): Promise<Readonly<Record<string, string>>> {
  return parseInfo(await (await lab.redis(service)).info(section));
}

/** How often a Redis has answered with an error of this kind (`MOVED`, `CLUSTERDOWN`) since it was started. */
export async function errorsOf(lab: Pick<LabView, 'redis'>, service: string, kind: string): Promise<number> {
  const stats = await infoOf(lab, service, 'errorstats');
  return Number(/count=(\d+)/.exec(stats[`errorstat_${kind}`] ?? '')?.[1] ?? 0);
}

/** The nodes of the Redis Cluster that run, as they were seen last; the single Redis is none of them. */
export function redisViews({
  snapshot,
}: Pick<LabView, 'snapshot'>): readonly { readonly service: string; readonly view: RedisView }[] {
  return snapshot.nodes.flatMap(({ service, redis }) =>
    redis && redis.role !== 'single' && service !== 'redis' ? [{ service, view: redis }] : [],
  );
}

/** The nodes that serve hash slots. */
export function mastersOf(lab: Pick<LabView, 'snapshot'>): readonly string[] {
  return redisViews(lab)
    .filter(({ view }) => (view.slots ?? 0) > 0)
    .map(({ service }) => service);
}

/** A node of the Redis Cluster, and the service that it is; undefined where it is none of the lab's. */
export type ClusterMember = ClusterNode & { readonly service: string | undefined };

/** The cluster as one of its nodes that answers sees it; empty where none does. */
export async function clusterNodes(
  lab: Pick<LabView, 'snapshot' | 'redis' | 'address'>,
): Promise<readonly ClusterMember[]> {
  // A bus listens so far above its node's own port, whatever is announced to clients (redis.conf, "cluster-port").
  const busAbove = 10_000;
  const services = new Map(
    lab.snapshot.nodes
      .filter(({ status }) => status.program === 'redis-server')
      .map(({ service }) => [Number(lab.address(service).split(':')[1]) + busAbove, service]),
  );
  for (const { service, view } of redisViews(lab)) {
    if (view.role === 'silent' || view.role === 'unjoined') continue;
    const reply = await (await lab.redis(service)).cluster('NODES').catch(dropped);
    if (reply === undefined) continue;
    const nodes = parseClusterNodes(reply as string);
    return nodes.map((node) => ({ ...node, service: services.get(node.busPort) }));
  }
  return [];
}
