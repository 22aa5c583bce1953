import { findProgram } from '../../src/lab/local/programs/programs.js';

/** Fetches what the labs of the tests run, once, into this user's cache: so no test waits for a download by surprise. */
export async function setup(): Promise<void> {
  for (const program of ['mongod', 'redis-server', 'redis-cli', 'mongosh'] as const)
    await findProgram(program);
}
