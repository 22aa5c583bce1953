import { expect, test } from 'vitest';
import { readConfig } from '../../../src/shop/api/config.js';

const MONGODB_URL = 'mongodb://router1:27017,router2:27018/?readPreference=nearest';

test('listens on this machine only, unless it is told otherwise', () => {
  expect(readConfig({ MONGODB_URL })).toMatchObject({
    mongodbUrl: MONGODB_URL,
    database: 'shop',
    host: '127.0.0.1',
    port: 8081,
    instance: 'shop',
  });
  const env = { MONGODB_URL, MONGODB_DATABASE_NAME: 'somedb', HOST: '0.0.0.0', PORT: '9', INSTANCE_ID: 's2' };
  expect(readConfig(env)).toMatchObject({ database: 'somedb', host: '0.0.0.0', port: 9, instance: 's2' });
});

test('knows the Redis servers that cache.js may name; without them it has no cache', () => {
  const env = {
    MONGODB_URL,
    CACHE_FILE: '/workspace/shop/cache.js',
    CACHE_NODES: 'redis=redis:6379,redis1=redis1:7001',
  };
  const nodes = new Map([
    ['redis', 'redis:6379'],
    ['redis1', 'redis1:7001'],
  ]);
  expect(readConfig(env).cache).toEqual({ file: env.CACHE_FILE, nodes });
  expect(readConfig({ MONGODB_URL }).cache).toBeUndefined();
  expect(() => readConfig({ ...env, CACHE_NODES: 'redis:6379' })).toThrow('name=host:port');
});

test.each([
  [{}, 'MONGODB_URL is not set'],
  [{ MONGODB_URL, PORT: 'http' }, 'PORT is http'],
  [{ MONGODB_URL, PORT: '65536' }, 'PORT is 65536'],
])('%j names the variable at fault', (env, says) => {
  expect(() => readConfig(env)).toThrow(says);
});
