/** mongos's own arguments, as far as the course's compose files use them. */
import { parseSetAddress, type SetAddress } from './cluster/cluster.js';

export interface RouterOptions {
  readonly configdb: SetAddress;
  readonly port: number;
  readonly bindIp: string;
  readonly logpath: string | undefined;
}

/** Wrong arguments; `exitCode` is what mongos ends with. */
export class ArgumentError extends Error {
  readonly exitCode = 2;
}

/** Options with a value. */
const valued: ReadonlySet<string> = new Set([
  'configdb',
  'port',
  'bind_ip',
  'logpath',
  'setParameter',
  'verbose',
]);
/** Options without one, which change nothing here but `bind_ip_all`. */
const flags: ReadonlySet<string> = new Set(['bind_ip_all', 'quiet', 'logappend', 'ipv6', 'nounixsocket']);

/**
 * Reads `--key value` and `--key=value`.
 * @throws ArgumentError in the words of mongos 6.0 where it has some
 */
export function parseArguments(argv: readonly string[]): RouterOptions {
  const given = new Map<string, string>();
  for (let i = 0; i < argv.length; i++) {
    const argument = argv[i] as string;
    if (/^-v+$/.test(argument)) continue;
    const [, name, inline] = /^--([^=]+)(?:=(.*))?$/s.exec(argument) ?? [];
    if (name === undefined)
      throw new ArgumentError(
        `Error parsing command line: too many positional options have been specified on the command line: ${argument}`,
      );
    if (flags.has(name)) {
      given.set(name, 'true');
    } else if (valued.has(name)) {
      const value = inline ?? argv[++i];
      if (value === undefined)
        throw new ArgumentError(
          `Error parsing command line: the required argument for option '--${name}' is missing`,
        );
      given.set(name, value);
    } else {
      throw new ArgumentError(`Error parsing command line: unrecognised option '--${name}'`);
    }
  }
  return {
    configdb: parseConfigdb(given.get('configdb')),
    port: parsePort(given.get('port') ?? '27017'),
    bindIp: given.has('bind_ip_all') ? '0.0.0.0' : parseBindIp(given.get('bind_ip')),
    logpath: given.get('logpath'),
  };
}

function parseConfigdb(value: string | undefined): SetAddress {
  if (value === undefined) throw new ArgumentError('BadValue: error: no args for --configdb');
  if (value.startsWith('/')) {
    throw new ArgumentError('BadValue: configdb supports only replica set connection string');
  }
  if (!value.includes('/')) throw new ArgumentError(`FailedToParse: invalid url [${value}]`);
  const address = parseSetAddress(value, 27019);
  if (address.hosts.length === 0) throw new ArgumentError(`FailedToParse: invalid url [${value}]`);
  return address;
}

function parsePort(value: string): number {
  const port = Number(value);
  if (!/^\d+$/.test(value) || port > 65_535) {
    throw new ArgumentError('BadValue: error: port number must be between 1 and 65535');
  }
  return port;
}

/** Names that mean this machine alone; a router listens on one address. */
function parseBindIp(value = '127.0.0.1'): string {
  const first = value.split(',')[0]?.trim() ?? '';
  if (first === 'localhost' || first === '') return '127.0.0.1';
  return first === '*' ? '0.0.0.0' : first;
}
