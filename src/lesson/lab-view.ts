import type { Redis } from 'ioredis';
import type { MongoClient } from 'mongodb';
import type { ExamReport } from '../exam/report.js';
import type { Snapshot } from '../lab/observe/snapshot.js';
import type { TrafficReport } from '../shop/traffic/report.js';

/** What a look may see: the live lab, and the learner's answers. It reads; it never changes the lab. */
export interface LabView {
  /** The observation this look belongs to. */
  readonly snapshot: Snapshot;
  /**
   * When the learner began this lesson, or the lab was led to its start: what happened before is not of this lesson.
   * Milliseconds since the epoch.
   */
  readonly begun: number;
  /** A client on exactly this node (`directConnection`), or on the cluster where the service is a router. */
  mongo(service: string): MongoClient;
  /** On exactly this Redis, cluster node or not. */
  redis(service: string): Promise<Redis>;
  /** `host:port` as the learner's machine reaches the service. */
  address(service: string): string;
  /** `host:port` as the nodes reach each other. */
  peer(service: string): string;
  /** What the learner answered to a question of this lesson; undefined before he did. */
  answer(question: string): string | undefined;
  /** What was measured in this lesson, in the measurement's unit; undefined before there was anything to measure. */
  measured(measurement: string): number | undefined;
  /** What a check of this lesson kept by this name, in an earlier look or process; undefined where none has. */
  recall(name: string): number | undefined;
  /** Keeps an amount for later looks, until the lesson begins again. Only what a check looks at is kept. */
  remember(name: string, amount: number): void;
  /** The last report of the traffic; undefined where there was none since the lab was made. */
  traffic(): TrafficReport | undefined;
  /** The last report of the exam; undefined where there was none since the lab was made. */
  exam(): ExamReport | undefined;
  /** What is in a file of the workspace (`gateway/dynamic.yaml`); undefined where there is none. */
  file(name: string): string | undefined;
  /** One request to a shop (`/products/7`), as a customer would send it. Rejects where nothing answers. */
  shop(path: string, request?: ShopRequest, service?: string): Promise<ShopAnswer>;
}

export interface ShopRequest {
  /** Default `GET`. */
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export interface ShopAnswer {
  readonly status: number;
  /** By their names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Parsed where it is JSON, else the text. */
  readonly body: unknown;
}

/** The report of traffic that was started in this lesson, so that its figures are of this lesson alone. */
export function trafficOfLesson({ traffic, begun }: LabView): TrafficReport | undefined {
  const report = traffic();
  return report && report.startedAt >= begun ? report : undefined;
}

/** The same, once it has ended and every order was looked for. */
export function verifiedTraffic(lab: LabView): TrafficReport | undefined {
  const report = trafficOfLesson(lab);
  return report?.state === 'stopped' && report.orders.unverified === 0 ? report : undefined;
}

/** The report of an exam that was begun in this lesson. */
export function examOfLesson({ exam, begun }: LabView): ExamReport | undefined {
  const report = exam();
  return report && report.startedAt >= begun ? report : undefined;
}

/** Whether the process or container of a service runs; whether it answers is another question. */
export function isRunning({ snapshot }: Pick<LabView, 'snapshot'>, service: string): boolean {
  return snapshot.nodes.some((node) => node.service === service && node.status.state === 'running');
}

/** When a service was started last, in milliseconds since the epoch; NaN, which is before and after nothing, where that is not known. */
export function startedAt({ snapshot }: Pick<LabView, 'snapshot'>, service: string): number {
  const node = snapshot.nodes.find((one) => one.service === service);
  return Date.parse(node?.status.since ?? '');
}

/** The service that is the primary of a replica set now (`shard1`, `configset`); undefined where there is none. */
export function primaryOf({ snapshot }: Pick<LabView, 'snapshot'>, set: string): string | undefined {
  return snapshot.nodes.find(({ mongo }) => mongo?.role === 'primary' && mongo.set === set)?.service;
}

/** The services that are secondaries of a replica set now, in the order of the compose file. */
export function secondariesOf({ snapshot }: Pick<LabView, 'snapshot'>, set: string): readonly string[] {
  return snapshot.nodes
    .filter(({ mongo }) => mongo?.role === 'secondary' && mongo.set === set)
    .map(({ service }) => service);
}

/** Whether a set has a primary and all its other members are secondaries, as they say themselves. */
export function isWhole(lab: Pick<LabView, 'snapshot'>, set: string, members: number): boolean {
  return primaryOf(lab, set) !== undefined && secondariesOf(lab, set).length === members - 1;
}
