import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import thirdShard from '../../lessons/sharding/third-shard/lesson.js';
import { readStackFile } from '../../src/lab/compose/stack.js';
import { startingCompose } from '../../src/lab/workspace/learner-compose.js';
import { packageRoot } from '../../src/package.js';
import { fakeLab } from './support/fake-lab.js';

const folder = mkdtempSync(join(tmpdir(), 'msc-third-shard-'));
afterAll(() => rmSync(folder, { recursive: true }));

const [sound] = thirdShard.checks;
const withFile = (content: string) => fakeLab({ file: () => content });

test.each([
  ['no YAML', 'services: ['],
  ['a key that no runtime honours', startingCompose().replace('services:', 'networks: {}\nservices:')],
  ['a mistake that the lesson explains', startingCompose().replace('--shardsvr ', '--shardsvr --configsvr ')],
])('a file with %s is refused with the way back', async (_, content) => {
  expect(await sound?.look(withFile(content))).toMatchObject({
    observed: expect.stringContaining('compose.yaml:'),
    expected: expect.stringContaining('mongo-scale-course reset compose.yaml'),
  });
});

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
