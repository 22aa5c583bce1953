import { createServer } from 'node:net';
import { basename, dirname } from 'node:path';
import { dropped } from '../machine/debug-log.js';
import { processSigns } from '../machine/process-search.js';
import { commandLine } from '../machine/process-table.js';
import { shellQuoted } from '../machine/shell-quoted.js';
import { Problem } from '../problem.js';
import { labOf } from './local/lab-processes.js';
import { loopback } from './local/loopback.js';

/** A port that a service needs. */
export interface WantedPort {
  readonly service: string;
  readonly port: number;
}

/** Those of the ports that something listens on. */
export async function takenPorts(wanted: readonly WantedPort[]): Promise<readonly WantedPort[]> {
  const free = await Promise.all(wanted.map(({ port }) => isFree(port)));
  return wanted.filter((_, index) => !free[index]);
}

/** Who holds a port, in words, and the way to get it free, as the beginning of a sentence. */
export interface PortHolder {
  readonly who: string;
  readonly way: string;
}

/**
 * The `port-taken` problem: who has which port, and an offset at which all of the stack's ports are free.
 * @param all the stack's ports, with `portOffset` in them
 */
export async function portTaken(
  { service, port }: WantedPort,
  { who, way }: PortHolder,
  { all, portOffset }: { readonly all: readonly number[]; readonly portOffset: number },
): Promise<Problem> {
  const offset = await freeOffset(all.map((shifted) => shifted - portOffset));
  const elsewhere =
    offset === undefined
      ? ''
      : `, or move this lab to other ports: mongo-scale-course up --port-offset ${offset}`;
  return new Problem('port-taken', `${service} needs port ${port}, but ${who} listens there.`, {
    remedy: way + elsewhere,
  });
}

/** The process that listens on a port, as far as the system tells (not another user's). */
export async function portHolder(port: number): Promise<PortHolder> {
  const { portToPid } = await import('pid-port');
  const pid = await portToPid({ port, host: '*' }).catch(dropped);
  if (pid === undefined)
    return { who: 'another process (the system does not say which)', way: 'End that process' };
  const lab = labOf(await processSigns(pid));
  const home = lab === undefined ? undefined : dirname(lab);
  const command = await commandLine(pid);
  const name =
    lab === undefined ? shortened(command) : `${basename(command.split(' ')[0] ?? '')} of the lab in ${home}`;
  return {
    who: name === '' ? `process ${pid}` : `process ${pid} (${name})`,
    way:
      home === undefined
        ? 'End that process'
        : `Stop that lab: mongo-scale-course down --home ${shellQuoted(home)}`,
  };
}

async function freeOffset(ports: readonly number[]): Promise<number | undefined> {
  for (let offset = 1_000; offset <= 20_000; offset += 1_000) {
    const wanted = ports.map((port) => ({ service: '', port: port + offset }));
    if ((await takenPorts(wanted)).length === 0) return offset;
  }
  return undefined;
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: loopback, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

function shortened(text: string): string {
  return text.length > 100 ? `${text.slice(0, 99)}…` : text;
}
