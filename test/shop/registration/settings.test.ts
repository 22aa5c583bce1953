import { expect, test } from 'vitest';
import { parseSettings } from '../../../src/shop/registration/settings.js';

test('what the file does not say is as for a shop that does not register', () => {
  expect(parseSettings('{}')).toEqual({
    register: false,
    ttlSeconds: 10,
    heartbeatSeconds: 3,
    healthPath: '/live',
  });
  expect(parseSettings('{ "register": true, "ttlSeconds": 4 }')).toMatchObject({
    register: true,
    ttlSeconds: 4,
    heartbeatSeconds: 3,
  });
});

test.each([
  ['{ "register": true, }', /JSON/],
  ['{ "register": "yes" }', '"register" is true or false'],
  ['{ "ttlSeconds": "10" }', '"ttlSeconds" is a whole number of seconds, 1 or more'],
  ['{ "heartbeatSeconds": 0 }', '"heartbeatSeconds" is a whole number of seconds, 1 or more'],
  ['{ "healthPath": "live" }', '"healthPath" begins with /'],
])('%s is not taken over', (text, why) => {
  expect(() => parseSettings(text)).toThrow(why);
});
