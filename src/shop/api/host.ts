import { isIP } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { failure } from './failure.js';

/**
 * Refuses requests for a host name that cannot be this shop's. A web page whose own name is made to resolve to
 * 127.0.0.1 (DNS rebinding) could read the shop otherwise, as its browser takes both for one origin.
 */
export function refuseForeignHosts(app: FastifyInstance): void {
  app.addHook('onRequest', async ({ hostname }, reply) => {
    if (!isForeignHost(hostname)) return;
    await reply
      .code(421)
      .send(failure('foreign-host', `This shop is not ${hostname}; ask it as localhost or 127.0.0.1.`));
  });
}

/** A service's name has no dot, and an address is no name; a name of the internet is neither. */
export function isForeignHost(hostname: string): boolean {
  const name = hostname.toLowerCase().replace(/\.$/, '');
  const isAddress = isIP(name.replace(/^\[|\]$/g, '')) !== 0;
  return !isAddress && name.includes('.') && !name.endsWith('.localhost');
}
