import { describe, expect, it } from 'vitest';
import { dockerProblem, takenPort } from '../../../src/lab/docker/problems.js';

const problemOf = (stderr: string) =>
  dockerProblem({ code: 1, stdout: '', stderr }, 'starting the containers');

describe('dockerProblem', () => {
  it.each([
    [
      'registry-unreachable',
      'Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host',
    ],
    [
      'image-missing',
      'Error response from daemon: manifest for mongo:77.0 not found: manifest unknown: manifest unknown',
    ],
    [
      'image-missing',
      "Error response from daemon: pull access denied for mine/mongo, repository does not exist or may require 'docker login'",
    ],
    ['image-missing', 'Error response from daemon: No such image: mongo:7.0'],
    ['pull-limit', 'toomanyrequests: You have reached your unauthenticated pull rate limit.'],
    ['disk-full', 'failed to register layer: write /usr/bin/mongod: no space left on device'],
    [
      'pull-interrupted',
      'failed to copy: httpReadSeeker: failed open: read tcp 10.0.0.2:51244: connection reset by peer',
    ],
    [
      'no-free-network',
      'could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network',
    ],
    [
      'mount-refused',
      'Error response from daemon: Mounts denied: The path /opt/course is not shared from the host',
    ],
    ['wrong-processor', 'no matching manifest for linux/arm64/v8 in the manifest list entries'],
    ['docker-not-running', 'error during connect: Get "http://%2Fvar%2Frun%2Fdocker.sock/v1.41/info": EOF'],
  ])('knows %s', (code, stderr) => {
    expect(problemOf(stderr).code).toBe(code);
  });

  it('reads the complaint out of JSON progress', () => {
    const stderr = [
      '{"id":"Container msc-0123456789-shard1a-1","status":"Starting"}',
      '{"error":true,"message":"Error response from daemon: something new"}',
    ].join('\n');
    expect(problemOf(stderr)).toMatchObject({
      code: 'docker-failed',
      message: 'Docker failed while starting the containers: something new',
    });
  });
});

describe('takenPort', () => {
  it.each([
    'Error response from daemon: driver failed programming external connectivity on endpoint msc-1: Error starting userland proxy: listen tcp4 127.0.0.1:27111: bind: address already in use',
    'Error response from daemon: driver failed programming external connectivity on endpoint msc-1 (abc): Bind for 127.0.0.1:27111 failed: port is already allocated',
    'Error response from daemon: Ports are not available: exposing port TCP 127.0.0.1:27111 -> 0.0.0.0:0: listen tcp 127.0.0.1:27111: bind: address already in use',
    'Error response from daemon: Ports are not available: exposing port TCP 127.0.0.1:27111 -> 127.0.0.1:0: listen tcp 127.0.0.1:27111: bind: An attempt was made to access a socket in a way forbidden by its access permissions.',
  ])('finds it in: %s', (text) => {
    expect(takenPort(text)).toBe(27111);
  });

  it('finds none in other complaints', () => {
    expect(takenPort('dial tcp 127.0.0.1:27111: connect: connection refused')).toBeUndefined();
  });
});
