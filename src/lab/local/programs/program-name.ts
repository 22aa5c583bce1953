import type { Program } from '../../compose/service.js';

/** Every program the local runtime may need: the servers and the shells. */
export type ProgramName = Program | 'mongosh' | 'redis-cli';

/** The shell that talks to a server; undefined for what has none of its own. */
export function shellOf(program: Program): ProgramName | undefined {
  if (program === 'mongod' || program === 'mongos') return 'mongosh';
  return program === 'redis-server' ? 'redis-cli' : undefined;
}
