import type { FileEvent, UpEvent } from '../../lab/runtime.js';
import { openWaits, type Waits } from '../../lab/waits.js';
import { fileSentence } from '../../lab/workspace/file-event.js';
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

export interface ProgressLines extends Pick<Waits, 'begin' | 'end'> {
  (event: UpEvent | FileEvent): void;
  /** One line more, above the one that is written over. */
  say(line: string): void;
  /** Nothing is waited for any more, however it ended. */
  close(): void;
}

/** Runs `work` with progress on stderr, which ends with it; silent where the output is the `--json` document. */
export async function withProgressLines<T>(
  json: boolean,
  work: (onProgress: (event: UpEvent | FileEvent) => void) => Promise<T>,
): Promise<T> {
  if (json) return work(() => {});
  const lines = progressLines();
  try {
    return await work(lines);
  } finally {
    lines.close();
  }
}

/**
 * Says on stderr how programs are fetched and servers come and go, a line a change. How far downloads are is said by
 * tenths, and a wait after 1, 2, 4, 8 … seconds; on a terminal both are on one line, which stays the last and is
 * written over, each second where there is a wait.
 */
export function progressLines(output: ProgressOutput = process.stderr): ProgressLines {
  const { say, show } = output.isTTY ? withLastLine(output) : plainLines(output);
  const fetched = new Set<string>();
  const underWay = new Map<string, string>();
  const said = new Set<string>();
  let wait: string | undefined;
  const showLast = (): void => {
    const downloads = underWay.size > 0 ? [`downloading: ${[...underWay.values()].join(', ')}`] : [];
    const parts = [...downloads, ...(wait === undefined ? [] : [wait])];
    show?.(parts.length > 0 ? `  ${parts.join('; ')}` : undefined);
  };
  const waits = openWaits((words, seconds) => {
    if (show) {
      wait = `${seconds} s: ${words}`;
      showLast();
    } else if (Number.isInteger(Math.log2(seconds))) say(`  ${seconds} s: still ${words}`);
  });
  const endWait = (): void => {
    if (wait === undefined) return;
    wait = undefined;
    showLast();
  };

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
    if (show) showLast();
    else once(`${program} ${Math.floor((received / total) * 10)}`, `  ${program}: downloading, ${amount}`);
  };

  const onEvent = (event: UpEvent | FileEvent): void => {
    if (event.kind !== 'file') waits.note(event);
    // It names what was waited for before.
    endWait();
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
      onDownload(event);
      return;
    }
    if (underWay.delete(program)) showLast();
    // Programs that were there already are nothing to talk about, unless there is something to say of them.
    if (phase === 'looking' ? detail : fetched.has(program)) {
      say(`  ${program}: ${phase}${detail ? `, ${detail}` : ''}`);
    }
  };
  return Object.assign(onEvent, {
    say,
    begin: waits.begin,
    end(name: string) {
      waits.end(name);
      endWait();
    },
    close() {
      waits.close();
      endWait();
    },
  });
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
