import { readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { readStack } from '../../src/lab/compose/stack.js';
import { packageRoot } from '../../src/package.js';

const folder = join(packageRoot, 'compose');
const stages = readdirSync(folder).map((file) => basename(file, '.yaml'));

interface Resolved {
  readonly image: string;
  readonly command: readonly string[];
  readonly ports: readonly {
    readonly host_ip: string;
    readonly published: string;
    readonly target: number;
  }[];
}

test.each(stages)('Compose reads compose/%s.yaml as the course does', async (stage) => {
  const { stdout } = await execa('docker', [
    'compose',
    '-f',
    join(folder, `${stage}.yaml`),
    'config',
    '--format',
    'json',
  ]);
  const { services } = JSON.parse(stdout) as { services: Record<string, Resolved> };
  const stack = readStack(stage);
  expect(Object.keys(services).sort()).toEqual(stack.services.map(({ name }) => name).sort());
  for (const { name, image, program, args, ports } of stack.services) {
    expect(services[name]).toMatchObject({ image, command: [program, ...args] });
    expect(
      services[name]?.ports.map(({ host_ip, published, target }) => [host_ip, published, target]),
    ).toEqual(ports.map((port) => ['127.0.0.1', String(port), port]));
  }
});
