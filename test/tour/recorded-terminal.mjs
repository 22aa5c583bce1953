import { setTimeout as wait } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import unicode11 from '@xterm/addon-unicode11';
import headless from '@xterm/headless';

/** Seconds that nothing happens are cut to this: a recording waits for nobody's disk. */
const longestIdle = 1.5;
/** Seconds between two keys of a person who types well. */
const keySeconds = 0.045;

/** A program in a pseudo-terminal whose output is kept with its times. */
export function openRecordedTerminal(file, args, { columns, rows }) {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  terminal.loadAddon(new unicode11.Unicode11Addon());
  terminal.unicode.activeVersion = '11';
  const { CI, NO_COLOR, FORCE_COLOR, ...env } = process.env;
  const pty = spawn(file, args, { name: 'xterm-256color', cols: columns, rows, env });
  const events = [];
  let clock = 0;
  let last = performance.now();
  /** Until when a pause that was asked for may not be cut. */
  let pausedUntil = 0;
  pty.onData((data) => {
    const now = performance.now();
    const asked = Math.max(0, Math.min(now, pausedUntil) - last) / 1000;
    clock += asked + Math.min(longestIdle, (now - last) / 1000 - asked);
    last = now;
    events.push([Number(clock.toFixed(3)), 'o', data]);
    terminal.write(data);
  });
  terminal.onData((reply) => pty.write(reply));

  const text = async () => {
    await new Promise((resolve) => terminal.write('', resolve));
    const { active } = terminal.buffer;
    return Array.from(
      { length: rows },
      (_, row) => active.getLine(active.viewportY + row)?.translateToString(true) ?? '',
    ).join('\n');
  };

  return {
    press: (key) => pty.write(key),
    async type(line) {
      for (const character of line) {
        pty.write(character);
        await wait(keySeconds * 1000);
      }
    },
    /** Time for whoever watches to read. */
    async pause(seconds) {
      pausedUntil = performance.now() + seconds * 1000;
      await wait(seconds * 1000);
    },
    async shows(wanted) {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const shown = await text();
        if (typeof wanted === 'string' ? shown.includes(wanted) : wanted.test(shown)) return;
        if (Date.now() > deadline) throw new Error(`The terminal does not show ${wanted}:\n${shown}`);
        await wait(30);
      }
    },
    screen: () => terminal,
    ended: new Promise((resolve) => pty.onExit(resolve)),
    /** The recording as asciicast v2 (docs.asciinema.org, "asciicast v2"): a header, then an event a line. */
    cast(title) {
      const header = { version: 2, width: columns, height: rows, title, env: { TERM: 'xterm-256color' } };
      return [header, ...events].map((entry) => `${JSON.stringify(entry)}\n`).join('');
    },
  };
}
