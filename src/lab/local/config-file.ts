import { readFileSync } from 'node:fs';
import { type PortShift, shiftText } from '../port-offset.js';
import type { Stack } from '../service.js';
import { loopback } from './loopback.js';

/**
 * What nginx is configured with (`-c FILE`), as it has to be on this machine. Such a file cannot take addresses from
 * its environment, so it is written for containers, as the compose file is, and translated as that is: service names,
 * ports and container paths; and it listens on 127.0.0.1 only.
 * @param translate names and paths, as in arguments
 */
export function localConfig(file: string, stack: Stack, translate: (text: string) => string): string {
  const { portOffset: offset, services } = stack;
  const shift: PortShift = {
    offset,
    ports: new Set(services.flatMap(({ ports }) => ports.map((port) => port - offset))),
    services: new Set(services.map(({ name }) => name)),
  };
  const listening = readFileSync(file, 'utf8').replaceAll(
    /^(\s*listen\s+)(?:[^\s;]*:)?(\d+)/gm,
    (_, before: string, port: string) => `${before}${loopback}:${port}`,
  );
  return translate(shiftText(listening, shift));
}

/** The value after `-c`. */
export function configFileIn(args: readonly string[]): string | undefined {
  const at = args.indexOf('-c');
  return at < 0 ? undefined : args[at + 1];
}
