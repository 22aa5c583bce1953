import { expect, test } from 'vitest';
import { mongodbVersion } from '../../../src/lab/local/programs/mongodb-archive.js';
import { wheelsFit } from '../../../src/lab/local/programs/wheels.js';

test.each([
  ['linux', '6.18.44', /^8\./],
  ['linux', '6.19.0-arch1', /^7\.0\./],
  ['linux', '7.0.1', /^7\.0\./],
  ['linux', '5.15.0-generic', /^8\./],
  ['darwin', '24.6.0', /^8\./],
])('on %s %s MongoDB %s is fetched', (platform, kernel, version) => {
  expect(mongodbVersion(platform, kernel)).toMatch(version);
});

test('wheels are for Linux on x86-64 only', () => {
  expect(wheelsFit('linux', 'x64')).toBe(true);
  expect(wheelsFit('linux', 'arm64')).toBe(false);
  expect(wheelsFit('darwin', 'x64')).toBe(false);
  expect(wheelsFit('win32', 'x64')).toBe(false);
});
