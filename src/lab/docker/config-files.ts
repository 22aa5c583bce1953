import { join } from 'node:path';
import type { Home } from '../../home.js';
import { configFileIn, shiftedConfig } from '../compose/nginx-config.js';
import type { Mount, Service, Stack } from '../compose/service.js';
import { writeWhole } from './memory.js';

/** What a container listens on; what is published is on 127.0.0.1 only. */
const everywhere = '0.0.0.0';

/**
 * The stack, with a shifted copy in the place of each configuration file that a container is told to read (`-c FILE`):
 * a container listens on the port that is published, and the file says the one of before the offset. The copies lie
 * in the lab's own folder. Throws `disk-full`, `home-not-writable`.
 */
export function withShiftedConfigs(stack: Stack, home: Home): Stack {
  if (stack.portOffset === 0) return stack;
  return {
    ...stack,
    services: stack.services.map((service) => {
      const target = service.program === 'nginx' ? configFileIn(service.args) : undefined;
      const file = target === undefined ? undefined : onThisMachine(target, service);
      if (target === undefined || file === undefined) return service;
      const source = join(home.lab, 'config', `${service.name}.conf`);
      writeWhole(source, shiftedConfig(file, stack, everywhere));
      // After the folder that it is in, so that it lies over that folder's own.
      return { ...service, mounts: [...service.mounts, { kind: 'bind', source, target, readOnly: true }] };
    }),
  };
}

/** Where a path of the container lies here; undefined where it is in no folder that is mounted. */
function onThisMachine(path: string, { mounts }: Service): string | undefined {
  const isAround = (mount: Mount) => mount.kind === 'bind' && path.startsWith(`${mount.target}/`);
  const around = mounts.find(isAround);
  return around?.kind === 'bind' ? join(around.source, path.slice(around.target.length)) : undefined;
}
