import { describe, expect, it } from 'vitest';
import type { Service } from '../../../src/lab/compose/service.js';
import { type Container, serviceStatus } from '../../../src/lab/docker/containers.js';

const service: Service = {
  name: 'shard1a',
  image: 'mongo:7.0',
  program: 'mongod',
  args: [],
  environment: {},
  ports: [27111],
  mounts: [],
  dependsOn: [],
};

/** What Engine 20.10 said of a running mongod; `state` and `config` are what differs. */
function container(state: Partial<Container['State']>, more: Partial<Container> = {}): Container {
  return {
    Id: '460f3b8bd827',
    Name: '/msc-0123456789-shard1a-1',
    State: {
      Status: 'running',
      ExitCode: 0,
      Error: '',
      OOMKilled: false,
      StartedAt: '2026-11-20T16:26:31.43679901Z',
      ...state,
    },
    NetworkSettings: { Networks: { 'msc-0123456789_default': {} } },
    Config: { Image: 'mongo:7.0', Env: ['PATH=/usr/bin', 'MONGO_VERSION=7.0.40'], Labels: null },
    ...more,
  };
}

const statusOf = (found: Container | undefined, ended = false) =>
  serviceStatus(service, found, ended, '127.0.0.1:27111');

describe('serviceStatus', () => {
  it('tells what runs, since when', () => {
    expect(statusOf(container({}))).toEqual({
      name: 'shard1a',
      program: 'mongod',
      runs: 'mongod 7.0.40',
      state: 'running',
      address: '127.0.0.1:27111',
      since: '2026-11-20T16:26:31.43679901Z',
    });
  });

  it('tells who ended it: us, or somebody behind our back', () => {
    expect(statusOf(container({ Status: 'exited', ExitCode: 137 }), true)).toMatchObject({
      state: 'stopped',
    });
    expect(statusOf(container({ Status: 'exited', ExitCode: 137 }))).toMatchObject({
      state: 'dead',
      detail: 'ended by SIGKILL',
    });
  });

  it.each([
    [{ Status: 'exited', ExitCode: 48 }, 'ended with exit code 48'],
    [{ Status: 'exited', ExitCode: 137, OOMKilled: true }, 'killed by the kernel: no memory left'],
    [{ Status: 'created', ExitCode: 127, Error: 'exec: "mongos": not found' }, 'exec: "mongos": not found'],
  ] as const)('tells how it ended: %j', (state, detail) => {
    expect(statusOf(container(state))).toMatchObject({ state: 'dead', detail });
  });

  it('knows a service that was never started from one that was taken down', () => {
    expect(statusOf(undefined)).toMatchObject({ state: 'absent' });
    expect(statusOf(undefined, true)).toMatchObject({ state: 'stopped' });
  });

  it('shows a node that was cut off the network', () => {
    const isolated = container({}, { NetworkSettings: { Networks: {} } });
    expect(statusOf(isolated)).toMatchObject({ state: 'running', detail: 'cut off the network' });
  });

  it('calls the course router what it is, where the image says so', () => {
    const Config = { Image: 'local', Env: null, Labels: { 'mongo-scale-course.mongos': 'course router' } };
    const router = serviceStatus({ ...service, program: 'mongos' }, container({}, { Config }), false, 'x');
    expect(router.runs).toBe('course router');
  });
});
