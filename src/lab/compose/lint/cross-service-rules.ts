import type { KeyPath } from '../compose-file.js';
import type { ComposeContent } from '../compose-schema.js';
import type { Service } from '../service.js';
import type { LintFinding, LintId } from './finding.js';

/** What can only be seen with all services side by side. */
export function lintTogether(services: readonly Service[], content: ComposeContent): readonly LintFinding[] {
  const faults: LintFinding[] = [];
  const add = (id: LintId, path: KeyPath, message: string): void => {
    faults.push({ id, level: 'error', path, message });
  };
  const owners = new Map<number, string>();
  const keepers = new Map<string, string>();
  for (const { name, program, ports, mounts, dependsOn } of services) {
    ports.forEach((port, index) => {
      const owner = owners.get(port);
      if (owner) add('port-clash', ['services', name, 'ports', index], `port ${port} is ${owner}'s already`);
      else owners.set(port, name);
    });
    mounts.forEach((mount, index) => {
      if (mount.kind === 'volume' && mount.name !== '' && !Object.hasOwn(content.volumes, mount.name)) {
        const message = `the volume '${mount.name}' is not in the file's list of volumes`;
        add('volume-not-listed', ['services', name, 'volumes', index], message);
      }
      if (mount.kind !== 'volume' || program !== 'mongod') return;
      const keeper = keepers.get(mount.name);
      if (keeper === undefined || keeper === name) keepers.set(mount.name, name);
      else {
        const message = `the volume '${mount.name}' is ${keeper}'s, and a mongod has its data for itself: the second ends at once ("Unable to lock the lock file"). Give ${name} one of its own: "- ${name}:${mount.target}", and "${name}:" in the list of volumes at the end of the file.`;
        add('volume-shared', ['services', name, 'volumes', index], message);
      }
    });
    for (const other of dependsOn) {
      if (!Object.hasOwn(content.services, other) || other === name) {
        add('waits-in-vain', ['services', name, 'depends_on'], `'${other}' is no other service of this file`);
      }
    }
  }
  for (const name of waitingInCircle(services)) {
    add('waits-in-vain', ['services', name, 'depends_on'], `'${name}' waits, in the end, for itself`);
  }
  return faults;
}

/** Services that can never start, because they depend on each other in a circle. */
function waitingInCircle(services: readonly Service[]): readonly string[] {
  const names = new Set(services.map(({ name }) => name));
  let waiting = services;
  for (;;) {
    const blocked = new Set(waiting.map(({ name }) => name));
    const left = waiting.filter(({ name, dependsOn }) =>
      dependsOn.some((other) => other !== name && names.has(other) && blocked.has(other)),
    );
    if (left.length === waiting.length) return left.map(({ name }) => name);
    waiting = left;
  }
}
