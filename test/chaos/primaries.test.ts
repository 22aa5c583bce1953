import { afterAll, beforeAll, test } from 'vitest';
import { killPrimaries } from '../e2e/support/primary-kills.js';
import { replicate } from '../e2e/support/replicated.js';
import { openTestLab, type TestLab } from '../e2e/support/test-lab.js';
import { portOffsetFor } from '../support/ports.js';

// One kill a shard is in `npm test`; ten take two minutes.
const kills = 10;

let testLab: TestLab;
beforeAll(async () => {
  testLab = await openTestLab(await portOffsetFor('primaries'));
  await testLab.lab.up('replication', () => {});
  await replicate(testLab.lab);
});
afterAll(() => testLab?.close());

test(`${kills} killed primaries under 100 orders a second lose no order acknowledged by a majority`, async () => {
  await killPrimaries(testLab, kills);
});
