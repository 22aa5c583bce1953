import { accessSync, closeSync, constants, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { argumentOf } from '../argument-of.js';
import type { KeyPath } from '../compose-file.js';
import type { ComposeContent } from '../compose-schema.js';
import type { Mount, Service } from '../service.js';
import { addressesOfNobody } from './address-rules.js';
import { clusterFaults, routersOfTwoClusters } from './cluster-rules.js';
import type { LintFinding } from './finding.js';
import { portBesidePorts } from './port-rules.js';

/**
 * Looks for the mistakes that only containers have. Each message says what would happen and how to repair it.
 * Mounted scripts are read; nothing is run.
 */
export function lintServices(services: readonly Service[], content: ComposeContent): readonly LintFinding[] {
  const named = new Map(services.map((service) => [service.name, service]));
  return [
    ...services.flatMap((service) => [
      ...waitsInVain(service, named, content),
      ...volumeBesideData(service),
      ...healthcheckWithoutShell(service),
      ...carriageReturns(service),
      ...addressesOfNobody(service, named),
      ...clusterFaults(service, named),
      ...portBesidePorts(service),
    ]),
    ...routersOfTwoClusters(services),
  ];
}

/** `depends_on` with `condition: service_healthy` on what only becomes healthy once the learner has done something. */
function waitsInVain(
  { name }: Service,
  named: ReadonlyMap<string, Service>,
  content: ComposeContent,
): readonly LintFinding[] {
  const dependencies = content.services[name]?.depends_on ?? [];
  if (Array.isArray(dependencies)) return [];
  return Object.entries(dependencies).flatMap(([other, entry]): LintFinding[] => {
    const awaited = named.get(other);
    if (entry.condition !== 'service_healthy' || !awaited) return [];
    const path: KeyPath = ['services', name, 'depends_on', other, 'condition'];
    const either = `Leave the condition out (${name} starts beside ${other})`;
    if (!awaited.healthcheck) {
      const message = `${other} has no healthcheck, so it never becomes healthy and ${name} never starts. ${either}, or give ${other} a healthcheck.`;
      return [{ id: 'waits-for-no-healthcheck', level: 'error', path, message }];
    }
    const why = whyOnlyTheLearner(awaited);
    if (why === undefined) return [];
    const message = `${name} never starts: ${why}, which you could only change once all are up. ${either}, or let the healthcheck of ${other} ask only whether it answers: db.hello().ok.`;
    return [{ id: 'waits-for-learner', level: 'error', path, message }];
  });
}

/** Why a service is not healthy before somebody has typed something, where its healthcheck asks for that. */
function whyOnlyTheLearner({ name, program, args, healthcheck }: Service): string | undefined {
  const test = wordsOf(healthcheck).join(' ');
  if (program === 'mongos' && /\bmongo(sh)?\b/.test(test)) {
    return `${name} is a router, and answers only after its config servers have been initiated`;
  }
  const asksForPrimary =
    /isWritablePrimary|\bismaster\b|rs\.(status|conf|isMaster|hello)|replSetGet|myState/i;
  if (program === 'mongod' && args.includes('--replSet') && asksForPrimary.test(test)) {
    return `the healthcheck of ${name} wants an initiated replica set`;
  }
  return undefined;
}

/** A volume that is there, but not where mongod keeps its data. */
function volumeBesideData({ name, program, args, mounts }: Service): readonly LintFinding[] {
  const volume = mounts.findIndex(({ kind }) => kind === 'volume');
  const mounted = mounts[volume];
  if (program !== 'mongod' || !mounted) return [];
  const dbpath = dbpathOf(args);
  if (mounts.some(({ target }) => dbpath === target || dbpath.startsWith(`${target.replace(/\/$/, '')}/`)))
    return [];
  const message = `this keeps ${mounted.target}, and ${name} has its data in ${dbpath}${explained(args)}: they are lost when the container is replaced ("down" and "up" do). Add --dbpath ${mounted.target} to the command, or mount the volume on ${dbpath}.`;
  return [{ id: 'volume-beside-data', level: 'error', path: ['services', name, 'volumes', volume], message }];
}

/** Manual, "mongod", `--dbpath`: /data/db, and /data/configdb with `--configsvr`. */
function dbpathOf(args: readonly string[]): string {
  return argumentOf(args, '--dbpath') ?? (args.includes('--configsvr') ? '/data/configdb' : '/data/db');
}

function explained(args: readonly string[]): string {
  const said = argumentOf(args, '--dbpath') !== undefined;
  return !said && args.includes('--configsvr') ? " (a config server's own default)" : '';
}

/** MongoDB 6.0 left the old `mongo` shell out, of the images too (release notes of 6.0). */
function healthcheckWithoutShell({ name, healthcheck }: Service): readonly LintFinding[] {
  const words = wordsOf(healthcheck);
  const called = words[0] === 'CMD' ? [words[1] ?? ''] : words.join(' ').split(/[\s;&|()`]+/);
  if (!called.some((word) => /^(.*\/)?mongo$/.test(word))) return [];
  const message = `there is no program "mongo" since MongoDB 6.0, so ${name} is shown as unhealthy for ever though it runs, and who waits for its health never starts. Call mongosh instead.`;
  return [
    {
      id: 'healthcheck-without-shell',
      level: 'advice',
      path: ['services', name, 'healthcheck', 'test'],
      message,
    },
  ];
}

/** Scripts that a Windows editor or git saved with CR LF: Linux takes the CR for a part of the interpreter's name. */
function carriageReturns({ name, mounts }: Service): readonly LintFinding[] {
  return mounts.flatMap((mount, index): LintFinding[] => {
    const script = mount.kind === 'bind' ? scriptsIn(mount).find(hasCarriageReturn) : undefined;
    if (script === undefined) return [];
    const message = `the first line of ${script} ends with CR LF, as on Windows. In a container it cannot be run ("no such file or directory", or "not found"). Save it with LF, and keep git from changing it: *.sh text eol=lf in .gitattributes.`;
    return [{ id: 'carriage-returns', level: 'advice', path: ['services', name, 'volumes', index], message }];
  });
}

/** The mounted file, or the files directly in the mounted folder. */
function scriptsIn({ source }: Mount & { kind: 'bind' }): readonly string[] {
  if (!isReadable(source)) return [];
  const found = statSync(source, { throwIfNoEntry: false });
  if (found?.isFile()) return [source];
  if (!found?.isDirectory()) return [];
  return readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(source, entry.name))
    .filter(isReadable);
}

/** Whether the lint can look into a file. One that it may not read is left to the server that mounts it. */
function isReadable(path: string): boolean {
  try {
    accessSync(path, constants.R_OK);
    return true;
  } catch {
    return false;
  }
}

function hasCarriageReturn(file: string): boolean {
  const head = Buffer.alloc(256);
  const descriptor = openSync(file, 'r');
  try {
    const text = head.toString('latin1', 0, readSync(descriptor, head));
    return /^#![^\n]*\r\n/.test(text);
  } finally {
    closeSync(descriptor);
  }
}

function wordsOf(healthcheck: Service['healthcheck']): readonly string[] {
  const test = healthcheck?.test;
  if (typeof test === 'string') return [test];
  return Array.isArray(test) ? test.map(String) : [];
}
