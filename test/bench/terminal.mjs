import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { spawn } from '@lydell/node-pty';
import headless from '@xterm/headless';

/** A program in a pseudo-terminal, with what it wrote and the screen that this makes. */
export function openTerminal(file, args, env = {}, { columns = 120, rows = 36 } = {}) {
  const screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  const pty = spawn(file, args, {
    name: 'xterm-256color',
    cols: columns,
    rows,
    env: { ...process.env, ...env },
  });
  let output = '';
  let heard = () => {};
  pty.onData((data) => {
    output += data;
    screen.write(data);
    heard();
  });
  const ended = new Promise((resolve) => pty.onExit(resolve));
  const next = () =>
    new Promise((resolve) => {
      heard = resolve;
    });
  const text = async () => {
    await new Promise((resolve) => screen.write('', resolve));
    const { active } = screen.buffer;
    return Array.from({ length: rows }, (_, row) => active.getLine(row)?.translateToString(true)).join('\n');
  };
  /** Waits until `reached` says so of what has come; it looks again whenever more comes. */
  const until = async (reached, wanted) => {
    const late = delay(60_000, 'late', { ref: false });
    for (;;) {
      const more = next();
      if (await reached()) return;
      if ((await Promise.race([more, ended, late])) !== undefined)
        throw new Error(`${wanted} did not appear:\n${await text()}`);
    }
  };
  return {
    pid: pty.pid,
    ended,
    output: () => output,
    forget() {
      output = '';
    },
    type: (keys) => pty.write(keys),
    /** Waits until this text was written since the last `forget`. */
    says: (wanted) => until(() => output.includes(wanted), `"${wanted}"`),
    text,
    /** Waits until the screen matches. */
    shows: (pattern) => until(async () => pattern.test(await text()), String(pattern)),
    /** Waits until nothing has come for a while. */
    async quiet() {
      while ((await Promise.race([next().then(() => true), delay(100, false)])) === true);
    },
    async close() {
      pty.kill('SIGTERM');
      const harder = setTimeout(() => pty.kill('SIGKILL'), 2_000);
      await ended;
      clearTimeout(harder);
    },
  };
}

/** The share of one core that a process uses over some seconds, in percent. */
export async function usage(pid, seconds) {
  const before = ticks(pid);
  await delay(seconds * 1000);
  return (ticks(pid) - before) / seconds;
}

/** User and system time of a process in hundredths of a second, as Linux counts it (proc(5), fields 14 and 15). */
function ticks(pid) {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /, '')
    .split(' ');
  return Number(fields[11]) + Number(fields[12]);
}
