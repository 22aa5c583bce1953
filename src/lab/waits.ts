import type { UpEvent } from './runtime.js';

/** What is under way without news of its own: servers that start or stop, programs that are looked for or unpacked. */
export interface Waits {
  /** Takes a progress event: its service or program is waited for, or no longer. */
  note(event: UpEvent): void;
  /** @param doing as in "typing the solution of sharding/zones" */
  begin(name: string, doing: string): void;
  end(name: string): void;
  /** Ends the ticking, whatever is still waited for. */
  close(): void;
}

/**
 * Calls `tick` each second while anything is waited for, so that no wait is silent.
 * @param tick `words`: as in "stopping shard1a, shard1b"; `seconds`: since there is something to wait for
 */
export function openWaits(tick: (words: string, seconds: number) => void): Waits {
  const pending = new Map<string, string>();
  let timer: NodeJS.Timeout | undefined;
  let seconds = 0;

  const stop = (): void => {
    clearInterval(timer);
    timer = undefined;
    seconds = 0;
  };
  const begin = (name: string, doing: string): void => {
    pending.set(name, doing);
    timer ??= setInterval(() => {
      seconds += 1;
      tick(waitWords(pending), seconds);
    }, 1_000).unref();
  };
  const end = (name: string): void => {
    pending.delete(name);
    if (pending.size === 0) stop();
  };

  return {
    begin,
    end,
    note(event) {
      const [name, isWait] =
        event.kind === 'service'
          ? [event.service, isServiceWait(event)]
          : [event.program, isProgramWait(event)];
      if (isWait) begin(name, event.phase);
      else end(name);
    },
    close() {
      pending.clear();
      stop();
    },
  };
}

function isServiceWait({ phase }: Extract<UpEvent, { kind: 'service' }>): boolean {
  return phase === 'starting' || phase === 'stopping';
}

/** A download of known size shows by itself how far it is. */
function isProgramWait({ phase, total }: Extract<UpEvent, { kind: 'program' }>): boolean {
  return phase !== 'ready' && !(phase === 'downloading' && total);
}

/** `starting shard1a, shard1b; unpacking mongosh` */
function waitWords(pending: ReadonlyMap<string, string>): string {
  return [...new Set(pending.values())]
    .map((doing) => {
      const names = [...pending].flatMap(([name, its]) => (its === doing ? [name] : []));
      return `${doing} ${names.join(', ')}`;
    })
    .join('; ');
}
