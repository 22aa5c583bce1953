import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { Mount, Service, Stack } from '../compose/service.js';

/** On every container, volume and network of the course; its value is the home it belongs to. */
export const label = 'mongo-scale-course';

/**
 * For how long a container asks for a name, as resolv.conf(5) has it: once, for a second. The engine passes the name of
 * a server that is down on to the machine's own name server. Where that one is silent, the default of two times five
 * seconds makes a dead server look like a slow one.
 */
const nameOptions = ['timeout:1', 'attempts:1'];

/** The compose project of a home: the same home is always the same project, two homes never are. */
export function projectName(homeRoot: string): string {
  return `msc-${createHash('sha256').update(homeRoot).digest('hex').slice(0, 10)}`;
}

/** The container of a service, as compose names it. */
export function containerName(project: string, service: string): string {
  return `${project}-${service}-1`;
}

/** The network that all services of a project share, as compose names it. */
export function networkName(project: string): string {
  return `${project}_default`;
}

/**
 * The stack as a compose document with nothing left open: no variables, no relative paths, labels on everything.
 * Ports are published on 127.0.0.1 only. Healthchecks are left to whoever runs the file by hand: the course asks the
 * servers itself, and fourteen mongosh that start in the same moment take two cores for half a minute, again and again.
 */
export function composeDocument(stack: Stack, homeRoot: string): string {
  const labels = { [label]: homeRoot };
  const volumes = new Set(
    stack.services.flatMap(({ mounts }) =>
      mounts.flatMap((mount) => (mount.kind === 'volume' && mount.name !== '' ? [mount.name] : [])),
    ),
  );
  const document = {
    name: projectName(homeRoot),
    services: Object.fromEntries(
      stack.services.map((service) => [service.name, { ...readService(service), labels }]),
    ),
    networks: { default: { labels } },
    volumes: Object.fromEntries([...volumes].map((name) => [name, { labels }])),
  };
  return `# Written by the course for Docker Compose; ${stack.file} is what it is made from.\n${stringify(escaped(document))}`;
}

function readService(service: Service): Record<string, unknown> {
  return {
    image: service.image,
    command: [service.program, ...service.args],
    ...(Object.keys(service.environment).length > 0 && { environment: service.environment }),
    ports: service.ports.map((port) => `127.0.0.1:${port}:${port}`),
    ...(service.mounts.length > 0 && { volumes: service.mounts.map(mounted) }),
    ...(service.dependsOn.length > 0 && { depends_on: service.dependsOn }),
    dns_opt: nameOptions,
  };
}

function mounted(mount: Mount): Record<string, unknown> {
  if (mount.kind === 'volume') {
    return { type: 'volume', ...(mount.name !== '' && { source: mount.name }), target: mount.target };
  }
  return {
    type: 'bind',
    source: mount.source,
    target: mount.target,
    read_only: mount.readOnly,
    bind: { create_host_path: false },
  };
}

/** Every value is meant as it stands, and compose would fill in `$name`: `$$` is its way to write one `$`. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$');
  if (Array.isArray(value)) return value.map(escaped);
  if (value && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]));
  }
  return value;
}
