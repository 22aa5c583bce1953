import { expect, test } from 'vitest';
import { checkLines } from '../../../src/commands/output/verdict-lines.js';
import type { CheckVerdict } from '../../../src/grading/verdict.js';

const check: CheckVerdict = {
  title: 'The gateway knows shop1 and shop2',
  at: 'gateway',
  kind: 'state',
  state: 'pending',
  observed: 'shop1',
  reproduce: 'curl http://gateway:8088/api/http/services',
};

test('the line that shows what a check sees is named with the server that it is typed on', () => {
  expect(checkLines(check)).toContain('    see it yourself on gateway:');
  const at = (shell: 'own' | 'system') => checkLines({ ...check, reproduceAt: { service: 'shop1', shell } });
  expect(at('own')).toContain('    see it yourself on shop1:');
  expect(at('system')).toContain('    see it yourself on shop1, in a system shell:');
});
