import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Home, resolveHome } from '../../../src/home.js';
import { openMemory } from '../../../src/lab/docker/memory.js';

let home: Home;
beforeEach(() => {
  home = resolveHome(mkdtempSync(join(tmpdir(), 'msc-memory-')));
});
afterEach(() => rmSync(home.root, { recursive: true, force: true }));

describe('what is remembered of a lab in containers', () => {
  it('is read by the next process as it was written', () => {
    openMemory(home).write({ ended: ['shard2a'] });
    expect(openMemory(home).read()).toEqual({ ended: ['shard2a'] });
  });

  it('that cannot be written is a problem for a person, naming the file', () => {
    const file = join(home.lab, 'docker.json');
    mkdirSync(file, { recursive: true });
    expect(() => openMemory(home).write({ ended: [] })).toThrow(
      expect.objectContaining({ code: 'home-damaged', message: expect.stringContaining(file) }),
    );
  });

  it('that is damaged is a problem for a person', () => {
    openMemory(home).write({ ended: [] });
    writeFileSync(join(home.lab, 'docker.json'), '{"ended":');
    expect(() => openMemory(home).read()).toThrow(expect.objectContaining({ code: 'lab-damaged' }));
  });
});
