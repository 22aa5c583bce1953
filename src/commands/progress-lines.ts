import { fileSentence } from '../lab/file-event.js';
import type { FileEvent, UpEvent } from '../lab/runtime.js';
import { paint } from './output.js';

type ProgramEvent = Extract<UpEvent, { kind: 'program' }>;
type ServiceEvent = Extract<UpEvent, { kind: 'service' }>;

/** Where progress is said; `process.stderr` is one. */
export interface ProgressOutput {
  readonly isTTY?: boolean;
  readonly columns?: number;
  write(text: string): unknown;
}

const mebibyte = 1024 * 1024;

/**
 * Says on stderr how programs are fetched and servers come up, a line a change. How far downloads are is said by
 * tenths; on a terminal on one line for all of them, which stays the last and is written over.
 */
export function progressLines(output: ProgressOutput = process.stderr): (event: UpEvent | FileEvent) => void {
  const { say, show } = output.isTTY ? withLastLine(output) : plainLines(output);
  const fetched = new Set<string>();
  const underWay = new Map<string, string>();
  const said = new Set<string>();

  const onDownload = (event: ProgramEvent): void => {
    const { program, received = 0, total, detail } = event;
    const once = (key: string, line: string): void => {
      if (!said.has(key)) say(line);
      said.add(key);
    };
    if (!total) {
      once(program, `  ${program}: downloading${detail ? `, ${detail}` : ''}`);
      return;
    }
    const amount = `${Math.round(received / mebibyte)} of ${Math.round(total / mebibyte)} MiB`;
    underWay.set(program, `${program} ${amount}`);
    if (show) show(`  downloading: ${[...underWay.values()].join(', ')}`);
    else once(`${program} ${Math.floor((received / total) * 10)}`, `  ${program}: downloading, ${amount}`);
  };

  return (event) => {
    if (event.kind === 'service') {
      const line = serviceLine(event);
      if (line) say(line);
      return;
    }
    if (event.kind === 'file') {
      const sentence = `  ${fileSentence(event)}`;
      if (!said.has(sentence)) say(sentence);
      said.add(sentence);
      return;
    }
    const { program, phase, detail } = event;
    if (phase === 'downloading') {
      fetched.add(program);
      return onDownload(event);
    }
    if (underWay.delete(program) && show) {
      show(underWay.size > 0 ? `  downloading: ${[...underWay.values()].join(', ')}` : undefined);
    }
    // Programs that were there already are nothing to talk about, unless there is something to say of them.
    if (phase === 'looking' ? detail : fetched.has(program)) {
      say(`  ${program}: ${phase}${detail ? `, ${detail}` : ''}`);
    }
  };
}

interface Lines {
  say(line: string): void;
  /** Shows a last line that is written over by the next; undefined takes it away. */
  readonly show?: (line: string | undefined) => void;
}

function plainLines(output: ProgressOutput): Lines {
  return { say: (line) => output.write(`${line}\n`) };
}

/**
 * The last line is ended too, so that whatever others write (an error, the shell's prompt) begins on a line of its
 * own; it is written over from the line below it.
 */
function withLastLine(output: ProgressOutput): Lines {
  const takeBack = '\u001B[1A\r\u001B[K';
  let last = '';
  return {
    say(line) {
      output.write(last === '' ? `${line}\n` : `${takeBack}${line}\n${last}\n`);
    },
    show(line) {
      // A line that wraps would be two to go back over.
      const next = (line ?? '').slice(0, (output.columns ?? 80) - 1);
      if (next === last) return;
      output.write(`${last === '' ? '' : takeBack}${next === '' ? '' : `${next}\n`}`);
      last = next;
    },
  };
}

function serviceLine(event: ServiceEvent): string | undefined {
  const seconds = event.seconds === undefined ? '' : ` after ${event.seconds.toFixed(1)} s`;
  const detail = event.detail ? `: ${event.detail}` : '';
  switch (event.phase) {
    case 'ready':
      return `  ${paint('green', '●')} ${event.service} answers${seconds}`;
    case 'unchanged':
      return `  ${paint('green', '●')} ${event.service} runs already`;
    case 'left out':
      return `  · ${event.service} is left out${detail}`;
    case 'stopped':
      return `  ○ ${event.service} stopped`;
    case 'failed':
      return `  ${paint('red', '✗')} ${event.service} failed${detail}`;
    default:
      return undefined;
  }
}
