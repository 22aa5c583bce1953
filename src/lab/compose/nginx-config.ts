import { readFileSync } from 'node:fs';
import { argumentOf } from './argument-of.js';
import { type PortShift, shiftText } from './port-offset.js';
import type { Stack } from './service.js';

/** What nginx is configured with (`-c`). */
export const configFileIn = (args: readonly string[]): string | undefined => argumentOf(args, '-c');

/**
 * What nginx is configured with, its ports shifted as the stack's are: such a file cannot take addresses from its
 * environment, so it is written for containers without an offset, as the compose file is.
 * @param file where it lies on this machine
 * @param host what it listens on, instead of what it says
 */
export function shiftedConfig(file: string, { portOffset: offset, services }: Stack, host: string): string {
  const shift: PortShift = {
    offset,
    ports: new Set(services.flatMap(({ ports }) => ports.map((port) => port - offset))),
    services: new Set(services.map(({ name }) => name)),
  };
  const listening = readFileSync(file, 'utf8').replaceAll(
    /^(\s*listen\s+)(?:[^\s;]*:)?(\d+)/gm,
    (_, before: string, port: string) => `${before}${host}:${port}`,
  );
  return shiftText(listening, shift);
}
