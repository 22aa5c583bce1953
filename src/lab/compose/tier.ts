import { argumentOf } from './argument-of.js';
import type { Service } from './service.js';

/**
 * What a service is for, from the learner's shop down to the data. `database`: a mongod on its own, as in the first
 * stage; `shard`: a mongod that holds a part of the data; `cache`: Redis; `edge`: a cache of files before the gateway.
 */
export const tiers = ['edge', 'gateway', 'shop', 'cache', 'config', 'router', 'shard', 'database'] as const;
export type Tier = (typeof tiers)[number];

/** What a service is for, told from its command line in the compose file. */
export function tierOf({ program, args }: Pick<Service, 'program' | 'args'>): Tier {
  switch (program) {
    case 'mongos':
      return 'router';
    case 'redis-server':
      return 'cache';
    case 'nginx':
      return 'edge';
    case 'traefik':
      return 'gateway';
    case 'node':
      return 'shop';
    case 'mongod':
      if (args.includes('--configsvr')) return 'config';
      return args.includes('--shardsvr') ? 'shard' : 'database';
  }
}

/** The replica set a mongod was started for (`--replSet`), whether or not it was initiated. */
export function startedForSet({ args }: Pick<Service, 'args'>): string | undefined {
  return argumentOf(args, '--replSet');
}
