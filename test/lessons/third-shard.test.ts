import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import thirdShard from '../../lessons/2-sharding/12-third-shard/lesson.js';
import { readStackFile } from '../../src/lab/stack.js';
import { packageRoot } from '../../src/package.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-third-shard-'));
afterAll(() => rmSync(folder, { recursive: true }));

test('the shard that is added is told what the others are', () => {
  const written = thirdShard.solution.flatMap((step) => (step.kind === 'write' ? [step.content] : []));
  const file = join(folder, 'compose.yaml');
  writeFileSync(file, written[0] ?? '');
  const { services } = readStackFile(file, { env: {}, folder: join(packageRoot, 'compose') });
  const argsOf = (name: string) => services.find((service) => service.name === name)?.args;
  const renamed = argsOf('shard2a')?.map((arg) => arg.replace('shard2', 'shard3').replace('27121', '27131'));
  expect(renamed).toContain('shard3');
  expect(argsOf('shard3a')).toEqual(renamed);
});
