const enter = '\r';

/** What a program is sent, with time between its Enters. */
export interface EnterSpacing {
  /** Sends keys, at once or after those that wait; a text that begins or ends with an Enter is one. */
  send(text: string): void;
  /** Sends at once, and forgets what waits: for whoever interrupts. */
  interrupt(text: string): void;
}

/**
 * Keeps an Enter back that comes too soon after the one before, and what follows it. mongosh takes its terminal out
 * of raw mode while it works, where a second Enter arrives as a line feed; Node's readline takes a line feed within
 * 100 ms of an Enter for the rest of one CR LF, drops it, and mongosh waits for a line that it never gets: it answers
 * nothing until Ctrl-C (measured with 2.12.0: every second of the Enters that came within 60 ms, on a busy machine).
 * @param ms the least milliseconds between two Enters
 */
export function createEnterSpacing(write: (text: string) => void, ms: number): EnterSpacing {
  let last = Number.NEGATIVE_INFINITY;
  let waiting: string[] = [];
  let timer: NodeJS.Timeout | undefined;

  const flush = (): void => {
    timer = undefined;
    for (let text = waiting[0]; text !== undefined; text = waiting[0]) {
      if (text.startsWith(enter)) {
        const rest = last + ms - Date.now();
        if (rest > 0) {
          timer = setTimeout(flush, rest);
          return;
        }
      }
      if (text.startsWith(enter) || text.endsWith(enter)) last = Date.now();
      waiting.shift();
      write(text);
    }
  };

  return {
    send(text) {
      // A key that is held down: one Enter that waits is as good as ten.
      if (text === enter && waiting.at(-1) === enter) return;
      waiting.push(text);
      if (timer === undefined) flush();
    },
    interrupt(text) {
      clearTimeout(timer);
      timer = undefined;
      waiting = [];
      write(text);
    },
  };
}
