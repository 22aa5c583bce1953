import { splitWords } from '../../lab/compose/shell-words.js';
import type { Invocation } from '../../lab/runtime.js';

/**
 * The editor that the learner has named, with this file: `VISUAL`, else `EDITOR`, which may have arguments
 * (`code --wait`); else nano, which says itself how to leave it.
 */
export function editorFor(path: string, env: NodeJS.ProcessEnv = process.env): Invocation {
  const [file = 'nano', ...args] = splitWords(env.VISUAL || env.EDITOR || '');
  return { file, args: [...args, path] };
}
