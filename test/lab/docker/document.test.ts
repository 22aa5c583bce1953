import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Service, Stack } from '../../../src/lab/compose/service.js';
import { readStack } from '../../../src/lab/compose/stack.js';
import { composeDocument, projectName } from '../../../src/lab/docker/document.js';

const home = '/home/learner/.local/share/mongo-scale-course';
const documentOf = (stack: Stack) => parse(composeDocument(stack, home));
const stackOf = (service: Partial<Service>): Stack => ({
  stage: 'test',
  file: 'test.yaml',
  portOffset: 0,
  services: [
    {
      name: 'shop1',
      image: 'node:24',
      program: 'node',
      args: [],
      environment: {},
      ports: [8081],
      mounts: [],
      dependsOn: [],
      ...service,
    },
  ],
});

describe('composeDocument', () => {
  const stack = readStack('sharding', { portOffset: 500, env: {} });

  it('labels each service, volume and network with the home', () => {
    const document = documentOf(stack);
    const all = [document.services, document.volumes, document.networks].flatMap((part) =>
      Object.values(part),
    );
    expect(all).toHaveLength(stack.services.length + 3 + 1);
    for (const entry of all) expect(entry).toMatchObject({ labels: { 'mongo-scale-course': home } });
  });

  it('lets no container wait longer than a second for the name of a server that is down', () => {
    for (const service of Object.values(documentOf(stack).services)) {
      expect(service).toMatchObject({ dns_opt: ['timeout:1', 'attempts:1'] });
    }
  });

  it('publishes every port on 127.0.0.1 and nowhere else', () => {
    for (const service of stack.services) {
      const { ports } = documentOf(stack).services[service.name];
      expect(ports).toEqual(service.ports.map((port) => `127.0.0.1:${port}:${port}`));
    }
  });

  it('runs the program with its arguments, shifted as the stack is', () => {
    const { router1 } = documentOf(stack).services;
    expect(router1.command).toEqual(
      expect.arrayContaining(['mongos', '--configdb', 'configset/config1:27601', '--port', '27517']),
    );
    expect(router1.image).toBe('mongo:7.0');
  });

  it('leaves out healthchecks: each is a mongosh of its own, and all start in the same moment', () => {
    expect(stack.services.some(({ healthcheck }) => healthcheck)).toBe(true);
    expect(composeDocument(stack, home)).not.toContain('healthcheck');
  });

  it('never writes a container name or an address, so that two homes can run side by side', () => {
    const text = composeDocument(stack, home);
    expect(text).not.toMatch(/container_name|ipv4_address/);
    expect(projectName(home)).toMatch(/^msc-[0-9a-f]{10}$/);
    expect(projectName('/elsewhere')).not.toBe(projectName(home));
  });

  it('binds absolute folders, and does not make those that are missing', () => {
    const { volumes } = documentOf(stack).services.shard1a;
    const bind = volumes.find((volume: { type: string }) => volume.type === 'bind');
    expect(bind).toMatchObject({ target: '/course', read_only: true, bind: { create_host_path: false } });
    expect(bind.source).toMatch(/^(\/|[A-Z]:).*shop$/);
  });

  it('keeps a dollar sign from being taken for a variable', () => {
    const text = composeDocument(stackOf({ environment: { SECRET: 'a$b' }, args: ['--x=$HOME'] }), home);
    expect(parse(text).services.shop1).toMatchObject({
      environment: { SECRET: 'a$$b' },
      command: ['node', '--x=$$HOME'],
    });
  });
});
