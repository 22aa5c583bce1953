import type { UpEvent } from '../lab/runtime.js';
import { paint, tell } from './output.js';

const mebibyte = 1024 * 1024;

/**
 * Says on stderr how servers come up, a line a change. A download is said by tenths, or, on a terminal, on one line
 * that is written over.
 */
export function progressLines(): (event: UpEvent) => void {
  const saidTenth = new Map<string, number>();
  const fetched = new Set<string>();
  return (event) => {
    if (event.kind === 'service') {
      const line = serviceLine(event);
      if (line) tell(line);
      return;
    }
    if (event.phase === 'downloading') fetched.add(event.program);
    // Programs that were there already are nothing to talk about.
    if (!fetched.has(event.program)) return;
    if (event.phase !== 'downloading' || !event.total) {
      if (event.phase !== 'looking')
        tell(`  ${event.program}: ${event.phase}${event.detail ? `, ${event.detail}` : ''}`);
      return;
    }
    const received = event.received ?? 0;
    const tenth = Math.floor((received / event.total) * 10);
    if (saidTenth.get(event.program) === tenth) return;
    saidTenth.set(event.program, tenth);
    const amount = `${Math.round(received / mebibyte)} of ${Math.round(event.total / mebibyte)} MiB`;
    const line = `  ${event.program}: downloading, ${amount}`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}\u001B[K${tenth >= 10 ? '\n' : ''}`);
    else tell(line);
  };
}

function serviceLine(event: Extract<UpEvent, { kind: 'service' }>): string | undefined {
  const seconds = event.seconds === undefined ? '' : ` after ${event.seconds.toFixed(1)} s`;
  const detail = event.detail ? `: ${event.detail}` : '';
  switch (event.phase) {
    case 'ready':
      return `  ${paint('green', '●')} ${event.service} answers${seconds}`;
    case 'unchanged':
      return `  ${paint('green', '●')} ${event.service} runs already`;
    case 'stopped':
      return `  ○ ${event.service} stopped`;
    case 'failed':
      return `  ${paint('red', '✗')} ${event.service} failed${detail}`;
    default:
      return undefined;
  }
}
