import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import type { Home } from '../../home.js';
import { Problem } from '../../problem.js';
import type { Stack } from '../compose/service.js';
import { ownCompose, ownComposePath } from './learner-compose.js';

/**
 * The learner's own compose file beside the servers that were brought up last: `current` where `up` would change
 * nothing, `changed` where it would, `broken` where it would refuse the file.
 */
export type OwnComposeState = 'current' | 'changed' | 'broken';

type ReadStack = (stage: string) => Promise<Stack>;

/**
 * Compares the file with what runs, as often as it is asked; the file is read as a stack only when its text is another.
 * Gives undefined where the lab is at another stage, or the learner has no such file.
 */
export function watchOwnCompose(
  home: Home,
  readStack: ReadStack,
): (running: Stack | undefined) => Promise<OwnComposeState | undefined> {
  let last: { readonly text: string; readonly stack: Stack | undefined } | undefined;
  return async (running) => {
    if (running?.stage !== ownCompose.stage) return undefined;
    const text = textOf(home);
    if (text === undefined) return undefined;
    if (last?.text !== text) last = { text, stack: await unlessBroken(readStack) };
    if (last.stack === undefined) return 'broken';
    return isDeepStrictEqual(plain(last.stack), plain(running)) ? 'current' : 'changed';
  };
}

/**
 * Why a service that a learner asks for is not there, where their compose file explains it: it waits in the file for
 * the next `up`, or the lesson has them add it first. Any other `cause` is returned as it is.
 */
export async function explainMissing(
  service: string,
  cause: unknown,
  { running, readStack }: { readonly running: Stack | undefined; readonly readStack: ReadStack },
): Promise<unknown> {
  if (!(cause instanceof Problem) || cause.code !== 'unknown-service') return cause;
  if (running?.stage !== ownCompose.stage) return cause;
  const { file } = ownCompose;
  let own: Stack;
  try {
    own = await readStack(ownCompose.stage);
  } catch (broken) {
    if (!(broken instanceof Problem)) throw broken;
    const message = `${service} does not run, and ${file} cannot be brought up as it is. ${broken.message}`;
    return new Problem('not-brought-up', message, { remedy: broken.remedy, cause });
  }
  const bringUp = 'press u in the workbench, or run: mongo-scale-course up';
  if (own.services.some(({ name }) => name === service)) {
    return new Problem('not-brought-up', `${service} is in ${file}, but does not run yet.`, {
      remedy: `Bring it up: ${bringUp}`,
      cause,
    });
  }
  if (own.toCome?.[service] === undefined) return cause;
  return new Problem('not-brought-up', `${service} does not run: it is not in ${file} yet.`, {
    remedy: `Add it to ${file} as the lesson says (key e opens the file). Then bring it up: ${bringUp}`,
    cause,
  });
}

/** Undefined where there is no such file; '' where it cannot be read, which is a broken one. */
function textOf(home: Home): string | undefined {
  try {
    return readFileSync(ownComposePath(home), 'utf8');
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : '';
  }
}

async function unlessBroken(readStack: ReadStack): Promise<Stack | undefined> {
  try {
    return await readStack(ownCompose.stage);
  } catch (cause) {
    if (cause instanceof Problem) return undefined;
    throw cause;
  }
}

/** As it is after it was kept as JSON, which is how a runtime remembers what runs. */
function plain({ services }: Stack): unknown {
  return JSON.parse(JSON.stringify(services));
}
