import { readFileSync, statSync } from 'node:fs';
import { Redis } from 'ioredis';
import { dropped } from '../../machine/debug-log.js';
import { parseSettings, type RegistrationSettings, unregistered } from '../registration/settings.js';

/** Where a shop makes itself known, told by its environment; undefined for one that does not. */
export interface RegistrationConfig {
  /** `redis://redis:6379` */
  readonly registry: string;
  /** `http://shop1:8081`: as the gateway reaches this shop. */
  readonly url: string;
  /** A JSON file with the rest, which may change while the shop runs. */
  readonly settings: string;
  readonly instance: string;
}

/** A shop that is known to a gateway. */
export interface Registration {
  /** Takes the entry out of the registry, so that the gateway sends nobody any more; says whether there was one. */
  leave(): Promise<boolean>;
}

/** Reads the variables that a shop registers by. */
export function readRegistration(env: NodeJS.ProcessEnv, instance: string): RegistrationConfig | undefined {
  const { REGISTER_IN: registry, REGISTER_AS: url, REGISTER_SETTINGS: settings } = env;
  return registry && url && settings ? { registry, url, settings, instance } : undefined;
}

/** Traefik's Redis provider reads its configuration from keys like these; a list's entries may have any name. */
const root = 'traefik/http/services/shop/loadbalancer';
/** Milliseconds between two looks at whether something is due: a heartbeat, or other settings. */
const tick = 250;
/** How often the gateway asks at `healthPath`, and how long it waits: a dead shop refuses at once, a busy one is late. */
const healthCheck = { interval: '1s', timeout: '5s' };

/**
 * Keeps this shop in the registry for as long as it lives: an entry that ends by itself, renewed before it does. A
 * registry that is away is no reason for the shop not to sell.
 */
export function startRegistration(
  { registry, url, settings: file, instance }: RegistrationConfig,
  tell: (words: string) => void,
): Registration {
  const redis = new Redis(registry, {
    connectTimeout: 1_000,
    commandTimeout: 1_000,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: () => 500,
  });
  const entry = `${root}/servers/${instance}/url`;
  const read = watchSettings(file, tell);
  let last: { at: number; settings: RegistrationSettings } | undefined;
  let wasAway = false;
  let busy = false;

  // Told once, and once more when it is over: a line a heartbeat would fill the log.
  const away = (error: Error | undefined): void => {
    if (wasAway !== (error !== undefined))
      tell(error ? `the registry is away: ${error.message}` : 'the registry answers');
    wasAway = error !== undefined;
  };
  redis.on('error', away);

  const renew = async (settings: RegistrationSettings): Promise<void> => {
    await redis
      .multi()
      .set(entry, url, 'EX', settings.ttlSeconds)
      .set(`${root}/healthcheck/path`, settings.healthPath)
      .set(`${root}/healthcheck/interval`, healthCheck.interval)
      .set(`${root}/healthcheck/timeout`, healthCheck.timeout)
      .exec();
  };
  const turn = async (): Promise<void> => {
    const settings = read();
    const now = performance.now();
    const same = last?.settings === settings;
    if (!settings.register) {
      if (last !== undefined) await redis.del(entry);
      last = undefined;
    } else if (last === undefined || !same || now - last.at >= settings.heartbeatSeconds * 1_000) {
      await renew(settings);
      last = { at: now, settings };
    }
    away(undefined);
  };
  const timer = setInterval(() => {
    if (busy || redis.status !== 'ready') return;
    busy = true;
    turn()
      .catch(away)
      .finally(() => {
        busy = false;
      });
  }, tick);

  return {
    async leave() {
      clearInterval(timer);
      const registered = last !== undefined;
      if (registered) await redis.del(entry).catch(dropped);
      redis.disconnect();
      return registered;
    },
  };
}

/** The same object for as long as the file stays as it is. A file that makes no sense leaves the last that did. */
function watchSettings(file: string, tell: (words: string) => void): () => RegistrationSettings {
  let version = '';
  let settings = unregistered;
  return () => {
    const stat = statSync(file, { throwIfNoEntry: false });
    const now = stat ? `${stat.ino}/${stat.mtimeMs}/${stat.size}` : '';
    if (now === version) return settings;
    version = now;
    try {
      settings = stat ? parseSettings(readFileSync(file, 'utf8')) : unregistered;
      tell(`registration: ${JSON.stringify(settings)}`);
    } catch (error) {
      tell(`${file} is not taken over: ${(error as Error).message}`);
    }
    return settings;
  };
}
