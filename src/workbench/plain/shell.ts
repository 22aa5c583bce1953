import { execa } from 'execa';
import type { Invocation } from '../../lab/runtime.js';
import type { LineReader } from './line-reader.js';

/**
 * Where there is no terminal to hand over: what comes up to a line `exit` is the shell's input, and its output
 * ours. Rejects with execa's error where it cannot be started.
 */
export async function pipeShell({ file, args, env }: Invocation, lines: LineReader): Promise<void> {
  const typed: string[] = [];
  for (
    let line = await lines.next();
    line !== undefined && line.trim() !== 'exit';
    line = await lines.next()
  ) {
    typed.push(line);
  }
  // A shell ends with the last statement's failure: that is its own to tell, and it did.
  const result = await execa(file, [...args], {
    input: typed.map((line) => `${line}\n`).join(''),
    stdout: 'inherit',
    stderr: 'inherit',
    reject: false,
    env: { ...env },
  });
  if (result.exitCode === undefined && result.code !== undefined) throw result;
}
