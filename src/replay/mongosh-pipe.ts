import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import type { Invocation } from '../lab/runtime.js';

/** How mongosh reaches a server, apart from which program it is: what runs the same program can share a process. */
export interface Connection {
  /** The program, and what it is started with to wait for a server. */
  readonly invocation: Invocation;
  readonly uri: string;
}

/** How a piece that was typed ended. */
export interface Piece {
  /** Prompts included, as a new shell prints it. */
  readonly output: string;
  /** The server could not be reached, or the shell ended as it should not, or was given up. */
  readonly failed: boolean;
}

/** A mongosh that gets its input from a pipe, for one piece after the other. */
export interface MongoshPipe {
  isOpen(): boolean;
  /** Types one piece as into a new shell that is connected to this server. */
  type(uri: string, input: string, signal: AbortSignal): Promise<Piece>;
  /** Resolves when its process is gone. */
  close(): Promise<void>;
}

/** What the invocation of a mongosh connects to; undefined where it is no mongosh. */
export function connectionOf({ file, args, env }: Invocation): Connection | undefined {
  const [option, last = ''] = args.slice(-2);
  const without = (count: number): Invocation => ({ file, args: [...args.slice(0, -count), '--nodb'], env });
  if (last.startsWith('mongodb://')) return { invocation: without(1), uri: last };
  // In a container, as mongosh itself makes of its option.
  if (option === '--port' && args.includes('mongosh'))
    return {
      invocation: without(2),
      uri: `mongodb://127.0.0.1:${last}/?directConnection=true&serverSelectionTimeoutMS=2000`,
    };
  return undefined;
}

/** Starts a mongosh that is not connected yet. It ends with its input, and so with this process, however that ends. */
export function openMongoshPipe({ file, args, env }: Invocation): MongoshPipe {
  const shell = spawn(file, args, { env: { ...process.env, ...env }, stdio: 'pipe' });
  let printed = '';
  let exit: { readonly code: number | null } | undefined;
  let onChange = () => {};
  const gone = new Promise<void>((resolve) => {
    const end = (code: number | null) => {
      exit ??= { code };
      resolve();
      onChange();
    };
    shell.on('error', () => end(null));
    shell.on('close', end);
  });
  for (const stream of [shell.stdout, shell.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
      onChange();
    });
  }
  // That it does not read any more shows in its end.
  shell.stdin.on('error', () => {});

  /** Waits until one of these is printed, the shell ends or it is given up; gives which of them it was. */
  const printedOneOf = (marks: readonly string[], signal: AbortSignal): Promise<string | undefined> =>
    new Promise((resolve) => {
      const settle = (mark?: string) => {
        onChange = () => {};
        signal.removeEventListener('abort', onAbort);
        resolve(mark);
      };
      const onAbort = () => settle();
      onChange = () => {
        const mark = marks.find((one) => printed.includes(one));
        if (mark !== undefined || exit) settle(mark);
      };
      signal.addEventListener('abort', onAbort, { once: true });
      if (signal.aborted) onAbort();
      else onChange();
    });

  const pipe: MongoshPipe = {
    isOpen: () => exit === undefined && !shell.stdin.writableEnded,
    async type(uri, input, signal) {
      const [start, refused, end] = [newMark(), newMark(), newMark()];
      printed = '';
      shell.stdin.write(connectLine(uri, start, refused));
      const connected = await printedOneOf([start, refused], signal);
      if (connected === start) {
        shell.stdin.write(`${input}\n${printLine(end)}`);
        await printedOneOf([end], signal);
      }
      const isOver = printed.includes(end) || exit?.code === 0;
      const output = between(printed, connected, end).trim();
      if (connected === start && isOver) return { output, failed: false };
      await pipe.close();
      return { output, failed: true };
    },
    async close() {
      shell.stdin.end();
      shell.kill();
      await gone;
    },
  };
  return pipe;
}

/** Cannot be part of an answer, nor of a message that quotes the line that prints it. */
function newMark(): string {
  return `${randomUUID()}.${randomUUID()}`;
}

function printLine(mark: string, more = ''): string {
  const [left, right] = mark.split('.');
  return `print("${left}." + "${right}"${more})\n`;
}

/** A new connection has none of what was set on the one before: its database, its read preference, its session. */
function connectLine(uri: string, start: string, refused: string): string {
  const connect = `try { db.getMongo().close() } catch {}; db = connect(${JSON.stringify(uri)}); `;
  return `try { ${connect}${printLine(start).trim()} } catch (error) { ${printLine(refused, ' + error.message').trim()} }\n`;
}

/** The text behind the first mark, as far as the second. */
function between(text: string, from: string | undefined, to: string): string {
  const begin = from === undefined ? 0 : text.indexOf(from) + from.length;
  const end = text.indexOf(to);
  return text.slice(begin, end < 0 ? undefined : end);
}
