import type { Service } from '../service.js';
import type { LintFinding } from './finding.js';

/**
 * Addresses in variables (`MONGODB_URL: mongodb://router1:27017`) that lead nowhere: the server starts and waits for
 * ever. A host with a dot is somebody else's, and not looked at.
 */
export function addressesOfNobody(
  { name, environment }: Service,
  named: ReadonlyMap<string, Service>,
): readonly LintFinding[] {
  return Object.entries(environment).flatMap(([variable, value]) => {
    const wrong = hostsIn(value).flatMap(([host, port]) => whyNobody(name, host, port, named));
    const path = ['services', name, 'environment', variable];
    return wrong.slice(0, 1).map((message) => ({ id: 'address-of-nobody', level: 'error', path, message }));
  });
}

/** `[host, port]` of each `host:port` in a URL; one URL may name several, and a user before them. */
function hostsIn(value: string): readonly (readonly [host: string, port: string])[] {
  const [, hosts = ''] = /^[a-z][a-z+]*:\/\/(?:[^/\s]*@)?([^/?\s]+)/.exec(value) ?? [];
  return hosts.split(',').flatMap((text) => {
    const [, host, port] = /^(\[[^\]]*\]|[^:]+):(\d+)$/.exec(text) ?? [];
    return host !== undefined && port !== undefined ? [[host, port] as const] : [];
  });
}

function whyNobody(
  name: string,
  host: string,
  port: string,
  named: ReadonlyMap<string, Service>,
): readonly string[] {
  if (host === 'localhost' || host === '127.0.0.1' || host === '[::1]') {
    return [
      `inside the container of ${name}, ${host} is ${name} itself, and nothing else answers there. Write the name of the service that is meant, as ${[...named.keys()].find((other) => other !== name) ?? 'router1'}.`,
    ];
  }
  const service = named.get(host);
  if (service?.ports.includes(Number(port)) || host.includes('.')) return [];
  if (!service)
    return [
      `there is no service ${host}, so ${name} never finds it. There are ${[...named.keys()].join(', ')}.`,
    ];
  return [
    `${host} does not listen on ${port} but on ${service.ports.join(', ')}, so ${name} never reaches it.`,
  ];
}
