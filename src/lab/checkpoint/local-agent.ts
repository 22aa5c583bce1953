import type { Home } from '../../home.js';
import { checkpointAgent } from '../../package.js';
import type { Invocation } from '../runtime.js';

/** The agent as a process of this machine. */
export function localAgent(task: string, home: Home, objects: string): Invocation {
  return { file: process.execPath, args: [checkpointAgent, task, home.data, objects] };
}
