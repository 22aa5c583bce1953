import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MongoClient } from 'mongodb';
import { afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Home, resolveHome } from '../../src/home.js';
import { readStack } from '../../src/lab/compose/stack.js';
import { openLocalRuntime } from '../../src/lab/local/runtime.js';
import type { Runtime, ServiceEvent } from '../../src/lab/runtime.js';
import { lookUpProcesses } from '../../src/machine/process-table.js';
import { portOffsetFor } from '../support/ports.js';

let portOffset: number;
let home: Home;
let runtime: Runtime;

beforeAll(async () => {
  portOffset = await portOffsetFor('purge');
});

beforeEach(async () => {
  home = resolveHome(await mkdtemp(join(tmpdir(), 'msc-purge-')));
  runtime = openLocalRuntime(home);
});

afterEach(async () => {
  await openLocalRuntime(home).down({ purge: true });
  await rm(home.root, { recursive: true, force: true });
});

const quietly = () => {};

async function runningPids(): Promise<readonly number[]> {
  const pids = (await runtime.services()).flatMap(({ pid }) => (pid === undefined ? [] : [pid]));
  return [...(await lookUpProcesses(pids)).keys()];
}

async function onShard1<T>(work: (client: MongoClient) => Promise<T>): Promise<T> {
  const client = new MongoClient(`mongodb://${runtime.address('shard1a')}/`, { directConnection: true });
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}

const phases = (events: readonly ServiceEvent[], phase: ServiceEvent['phase']) =>
  events.flatMap((event) => (event.phase === phase ? [event.service] : [])).sort();

test('killAll kills every service, keeps the data, and counts none of them as dead', async () => {
  await runtime.up(readStack('single-node', { portOffset }), quietly);
  await onShard1((client) =>
    client
      .db('shop')
      .collection('orders')
      .insertOne({ total: 42 }, { writeConcern: { w: 1, j: true } }),
  );
  const before = await runningPids();
  expect(before).toHaveLength(2);
  await runtime.pause('shop1');

  const events: ServiceEvent[] = [];
  await runtime.killAll((event) => events.push(event));
  expect(phases(events, 'stopping')).toEqual(['shard1a', 'shop1']);
  expect(phases(events, 'stopped')).toEqual(['shard1a', 'shop1']);
  expect((await lookUpProcesses(before)).size).toBe(0);
  expect((await runtime.services()).map(({ state }) => state)).toEqual(['stopped', 'stopped']);

  await runtime.killAll();
  await runtime.up(readStack('single-node', { portOffset }), quietly);
  const found = await onShard1((client) => client.db('shop').collection('orders').findOne());
  expect(found?.total).toBe(42);
});

test('killAll does nothing in a home without a lab', async () => {
  await runtime.killAll();
  expect(existsSync(home.lab)).toBe(false);
});

test('a purge reports each server as it goes, and gives none of them time to shut down', async () => {
  await runtime.up(readStack('sharding', { portOffset }), quietly);
  const names = ['config1', 'router1', 'shard1a', 'shard2a', 'shop1'];
  // Paused, a server ignores SIGTERM.
  await runtime.pause('shard1a');
  const before = await runningPids();

  const events: ServiceEvent[] = [];
  const report = await runtime.down({ purge: true }, (event) => events.push(event));
  expect([...report.stopped].sort()).toEqual(names);
  expect(report.removed).toEqual([home.lab]);
  expect(phases(events, 'stopping')).toEqual(names);
  expect(phases(events, 'stopped')).toEqual(names);
  // All are told to end before the first has ended.
  expect(events.slice(0, names.length).every(({ phase }) => phase === 'stopping')).toBe(true);
  expect((await lookUpProcesses(before)).size).toBe(0);
  expect(existsSync(home.lab)).toBe(false);
});

test('a clean stop reports config servers after the shards that need them', async () => {
  await runtime.up(readStack('sharding', { portOffset }), quietly);
  const events: ServiceEvent[] = [];
  const { stopped } = await runtime.down({ purge: false }, (event) => events.push(event));
  expect(stopped.at(-1)).toBe('config1');
  const at = (service: string, phase: string) =>
    events.findIndex((event) => event.service === service && event.phase === phase);
  expect(at('config1', 'stopping')).toBeGreaterThan(at('shard1a', 'stopped'));
  expect(at('config1', 'stopping')).toBeGreaterThan(at('shard2a', 'stopped'));
});
