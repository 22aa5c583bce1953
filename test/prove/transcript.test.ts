import { expect, test } from 'vitest';
import { withTranscript } from './transcript.js';

const typing = { how: 'shell', at: 'shard1a', input: 'rs.status()' } as const;

test('a failure shows what was typed and what was answered', async () => {
  const failed = withTranscript(async (transcript) => {
    transcript.typing(typing);
    transcript.typed({ ...typing, output: 'no replset config' });
    transcript.typing({ ...typing, input: 'rs.initiate()' });
    throw new Error('not named');
  });
  await expect(failed).rejects.toThrow(
    /^not named\n\nTyped so far:\n-- typed on shard1a:\nrs\.status\(\)\n-- answered:\nno replset config\n-- typed on shard1a:\nrs\.initiate\(\)\n$/,
  );
});

test('exams that were begun are counted', async () => {
  await withTranscript(async (transcript) => {
    transcript.typing({ how: 'command', input: 'mongo-scale-course exam start --seed 7' });
    transcript.typing({ how: 'wait', input: 'the exam is over' });
    transcript.typing({ how: 'command', input: 'mongo-scale-course exam start --seed 7' });
    expect(transcript.exams()).toBe(2);
  });
});
