import { join } from 'node:path';
import type { Home } from '../../home.js';
import { configFileIn, shiftedConfig } from '../compose/nginx-config.js';
import type { Service, Stack } from '../compose/service.js';
import { loopback } from './loopback.js';
import type { FoundProgram } from './programs/programs.js';
import type { Launch } from './state.js';

/**
 * How a service is started as a process of this machine: service names become 127.0.0.1, container paths become
 * the folders that the service's mounts name, and servers are told not to listen elsewhere.
 * @param stack all that its addresses may name
 */
export function launchOf(service: Service, stack: Stack, home: Home, program: FoundProgram): Launch {
  const names = stack.services.map(({ name }) => name);
  const translate = translator(service, names, home);
  const inConfig = translator(service, names, home, nginxEscaped);
  const translated = service.args.map(translate);
  const cwd = dataFolder(service, home);
  const files =
    service.program === 'nginx' ? nginxFiles(translated, stack, { cwd, translate: inConfig }) : {};
  return {
    file: program.file,
    args: [...program.argsBefore, ...localArguments(service, translated, cwd)],
    ...(Object.keys(files).length > 0 ? { files } : {}),
    env: {
      ...mapValues(service.environment, translate),
      ...(service.program === 'node' ? { HOST: loopback } : {}),
      ...markOf(home, service.name),
    },
    cwd,
    runs: program.runs,
  };
}

/** The service's own variables as they are here, without the mark, which would make a shell pass for the server. */
export function ownVariables({ env }: Pick<Launch, 'env'>): Readonly<Record<string, string>> {
  const { MSC_LAB: _, MSC_SERVICE: __, ...own } = env;
  return own;
}

/** Marks a process as this lab's, for the case that we die between starting it and noting its pid. */
export function markOf(home: Home, service: string): Readonly<Record<string, string>> {
  return { MSC_LAB: home.lab, MSC_SERVICE: service };
}

/** Where a service keeps its data: the folder of its volume. */
export function dataFolder(service: Service, home: Home): string {
  const volume = service.mounts.find((mount) => mount.kind === 'volume');
  return join(home.data, volume ? volume.name : service.name);
}

/**
 * What a mongod leaves out on a learner's machine: a socket file in /tmp, statistics twice a second, and a journal of
 * 300 MB laid out ahead (WiredTiger's `file_max` is 100 MB, with two spare files): twelve nodes took 3.6 GB of disk
 * before they held a document, and take 0.4 GB so (measured, 6.0.5).
 */
const lowFootprintArgs = [
  '--nounixsocket',
  ...['--setParameter', 'diagnosticDataCollectionEnabled=false'],
  ...['--wiredTigerEngineConfigString', 'log=(prealloc=false,file_max=32MB)'],
];

function localArguments(service: Service, args: readonly string[], cwd: string): readonly string[] {
  switch (service.program) {
    case 'mongod': {
      const own = withoutBinding(args);
      const dbpath = own.some((arg) => arg.startsWith('--dbpath')) ? [] : ['--dbpath', cwd];
      return [...own, ...dbpath, '--bind_ip', loopback, ...lowFootprintArgs];
    }
    case 'mongos':
      return [...withoutBinding(args), '--bind_ip', loopback];
    case 'redis-server':
      // The last word on the command line counts more than the file it may name (redis.conf, "bind").
      return [...withoutRedisOptions(args), '--bind', loopback];
    case 'traefik':
      return args.map((arg, index) =>
        isEntryPoint(arg) || isEntryPoint(args[index - 1]) ? atLoopback(arg) : arg,
      );
    case 'nginx':
      return nginxArguments(args, cwd);
    default:
      return args;
  }
}

function nginxConfig(cwd: string): string {
  return join(cwd, 'nginx.conf');
}

function nginxFiles(
  args: readonly string[],
  stack: Stack,
  { cwd, translate }: { cwd: string; translate: (text: string) => string },
): Readonly<Record<string, string>> {
  const file = configFileIn(args);
  return file === undefined ? {} : { [nginxConfig(cwd)]: translate(shiftedConfig(file, stack, loopback)) };
}

/**
 * In one process that stays in the foreground: the pid that is noted is all there is, to be paused or killed. Its
 * folder is where relative paths start. As root it stays root, or it could not enter a home that is only ours.
 */
function nginxArguments(args: readonly string[], cwd: string): readonly string[] {
  const file = configFileIn(args);
  const user = process.getuid?.() === 0 ? 'user root; ' : '';
  return [
    ...['-p', `${cwd}/`],
    ...(file === undefined ? [] : ['-c', nginxConfig(cwd)]),
    ...['-e', 'stderr', '-g', `${user}daemon off; master_process off;`],
  ];
}

function withoutBinding(args: readonly string[]): readonly string[] {
  return args.filter((arg, index) => !/^--bind_ip(_all|=.*)?$/.test(arg) && args[index - 1] !== '--bind_ip');
}

/**
 * Where to listen is said anew. By which name a node is announced is a matter of containers: here all are 127.0.0.1,
 * and Redis 6.2 does not know these two options.
 */
const notLocal = ['--bind', '--cluster-announce-hostname', '--cluster-preferred-endpoint-type'];

/** Options end where the next begins: `--bind` takes several addresses, one with a minus of its own (`-::1`). */
function withoutRedisOptions(args: readonly string[]): readonly string[] {
  let dropping = false;
  return args.filter((arg) => {
    if (arg.startsWith('--')) dropping = notLocal.includes(arg.toLowerCase());
    return !dropping;
  });
}

/** `--entryPoints.web.address`, in any case, with its value or before it (Traefik's reference, "EntryPoints"). */
function isEntryPoint(arg: string | undefined): boolean {
  return /^--?entrypoints\.[^.=]+\.address(=|$)/i.test(arg ?? '');
}

/** `0.0.0.0:8080`, `[::]:8080/tcp` or `:8080`, after its option or alone, with 127.0.0.1 as its host. */
function atLoopback(arg: string): string {
  return arg.replace(/(^|=)[^=]*:(\d+(?:\/\w+)?)$/, `$1${loopback}:$2`);
}

/** A path as nginx reads it inside quotes. */
function nginxEscaped(path: string): string {
  return path.replaceAll(/["\\]/g, '\\$&');
}

/** @param escaped how the text that is translated has to name a path */
function translator(
  service: Service,
  names: readonly string[],
  home: Home,
  escaped: (path: string) => string = (path) => path,
): (text: string) => string {
  const any = names.join('|');
  const beforePort = new RegExp(`(?<![\\w.-])(?:${any})(?=:\\d)`, 'g');
  const inUrl = new RegExp(`(?<=://(?:[^/\\s]*@)?)(?:${any})(?=[/,?]|$)`, 'g');
  return (text) => {
    const hosted = text.replaceAll(beforePort, loopback).replaceAll(inUrl, loopback);
    return service.mounts.reduce((path, mount) => {
      const local = mount.kind === 'volume' ? join(home.data, mount.name) : mount.source;
      const target = mount.target.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
      return path.replaceAll(new RegExp(`(?<=^|[=,\\s"])${target}(?=[/,\\s";]|$)`, 'g'), () =>
        escaped(local),
      );
    }, hosted);
  };
}

function mapValues(
  record: Readonly<Record<string, string>>,
  change: (value: string) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
