import { undoneSentences } from '../../lab/faults/undo-faults.js';
import { openWaits } from '../../lab/waits.js';
import { fileSentence } from '../../lab/workspace/file-event.js';
import type { GotoEvent } from '../../replay/goto-event.js';
import { noteRestore, routeSentence } from '../../replay/route-words.js';
import type { WorkTarget } from '../state/state.js';

export interface WorkLines {
  onEvent(event: GotoEvent): void;
  /** Nothing is waited for any more, however it ended. */
  close(): void;
}

/**
 * Says a line a step while the lab is brought up or led to a lesson: a download by quarters, services as they answer,
 * and a wait after 1, 2, 4, 8 … seconds.
 */
export function workLines(say: (line: string) => void): WorkLines {
  const quarters = new Map<string, number>();
  const files = new Set<string>();
  const waits = openWaits((words, seconds) => {
    if (Number.isInteger(Math.log2(seconds))) say(`  ${seconds} s: still ${words}`);
  });
  const onEvent = (event: GotoEvent): void => {
    if (event.kind === 'program' || event.kind === 'service') waits.note(event);
    noteRestore(waits, event);
    if (event.kind === 'replay') {
      if (event.phase === 'typing') waits.begin(event.lesson, 'typing the solution of');
      else waits.end(event.lesson);
    }
    switch (event.kind) {
      case 'program': {
        if (event.phase !== 'downloading' || !event.total) return;
        const quarter = Math.floor((4 * (event.received ?? 0)) / event.total);
        if (quarters.get(event.program) === quarter) return;
        quarters.set(event.program, quarter);
        say(`  ${event.program}: ${quarter * 25} percent of ${(event.total / 1e6).toFixed(0)} MB downloaded`);
        return;
      }
      case 'service': {
        const detail = event.detail === undefined ? '' : `: ${event.detail}`;
        if (event.phase === 'starting' || event.phase === 'stopping') return;
        say(`  ${event.service}: ${serviceWords[event.phase]}${detail}`);
        return;
      }
      case 'rebuild':
      case 'restore':
      case 'unusable':
      case 'not-kept':
        say(routeSentence(event));
        return;
      case 'file': {
        const sentence = fileSentence(event);
        if (!files.has(sentence)) say(`  ${sentence}`);
        files.add(sentence);
        return;
      }
      case 'undone':
        for (const sentence of undoneSentences(event.undone)) say(`  ${sentence}`);
        return;
      case 'replay':
        say(`  ${event.lesson}: ${replayWords[event.phase]}`);
    }
  };
  return { onEvent, close: waits.close };
}

const serviceWords = {
  unchanged: 'runs already',
  stopped: 'stopped',
  ready: 'answers',
  failed: 'failed',
  'left out': 'is left out',
};
const replayWords = {
  typing: 'typing its solution',
  passed: 'passed',
  kept: 'done already',
  skipped: 'skipped',
};

export function workDone(target: WorkTarget): string {
  return target.kind === 'up'
    ? `Stage ${target.stage} is up.`
    : `The lab is at the start of ${target.lesson}.`;
}
