import { readdirSync } from 'node:fs';
import { createServer, type Server } from 'node:net';
import { basename, join } from 'node:path';
import { listensOn } from '../../src/lab/compose/ports.js';
import { readStack } from '../../src/lab/compose/stack.js';
import { packageRoot } from '../../src/package.js';

/** Blocks of ports that differ by this much have no port in common, whichever stage runs in them. */
const step = 200;
/** Higher offsets would reach into the ports that the system hands out for outgoing connections (32768 and up). */
const blocks = 26;
/** A block is taken while its own port here is listened on: the system lets go of it however a test ends. */
const claims = 24_000;

/**
 * Claims a port offset for one test file, until its worker ends: no other test that asks here, in any process of
 * this machine, has it at the same time, and nothing listens on any port of any stage there.
 */
export async function portOffsetFor(testFile: string): Promise<number> {
  const ports = portsOfAllStages();
  for (let block = 1; block <= blocks; block += 1) {
    const claim = await listen(claims + block);
    if (!claim) continue;
    const servers = await Promise.all(ports.map((port) => listen(port + block * step)));
    await Promise.all(servers.map((server) => server && close(server)));
    if (servers.every((server) => server)) return block * step;
    await close(claim);
  }
  throw new Error(`${testFile} needs ports, and none of ${blocks} blocks is free.`);
}

function portsOfAllStages(): readonly number[] {
  const files = readdirSync(join(packageRoot, 'compose')).filter((name) => name.endsWith('.yaml'));
  const stacks = files.map((name) => readStack(basename(name, '.yaml')));
  return [...new Set(stacks.flatMap(({ services }) => services.flatMap(listensOn)))];
}

/** Listens on a port of 127.0.0.1, as a program that is in the way would; undefined where it is taken. */
export function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(undefined));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(server.unref()));
  });
}

export function close(server: Server): Promise<void> {
  return new Promise((resolve) => server.close(() => resolve()));
}
