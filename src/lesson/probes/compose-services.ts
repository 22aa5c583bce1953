import {
  isBrokenFile,
  ownCompose,
  ownComposeFolder,
  startingCompose,
} from '../../lab/workspace/learner-compose.js';
import type { LabView } from '../lab-view.js';

/** What the learner's own compose file says. */
export interface ComposeView {
  /** The services in it; empty where the file cannot be read. */
  readonly services: readonly string[];
  /** The first thing that is wrong with it. */
  readonly fault?: { readonly id?: string | undefined; readonly text: string } | undefined;
}

/** Undefined while they have none. */
export async function readOwnCompose({ file }: Pick<LabView, 'file'>): Promise<ComposeView | undefined> {
  // Not with this module, which every lesson loads: a list of lessons needs no YAML.
  const { lintStackText } = await import('../../lab/compose/stack.js');
  const text = file(ownCompose.file);
  if (text === undefined) return undefined;
  const options = { env: {}, stage: ownCompose.stage, folder: ownComposeFolder };
  try {
    const { services, findings } = lintStackText(ownCompose.file, text, options);
    return { services, fault: findings.find(({ level }) => level === 'error') };
  } catch (cause) {
    if (!isBrokenFile(cause)) throw cause;
    return { services: [], fault: { text: cause.message.split('\n')[0] ?? '' } };
  }
}

/**
 * The stage's compose file with a service added, as a learner would write it.
 * @param service YAML, indented by two
 * @param volume the name to add to the list of volumes, if one is
 */
export function composeWith(service: string, volume: string | undefined): string {
  const added = startingCompose().replace(/^ {2}router1:/m, (router) => `${service}\n${router}`);
  return volume === undefined ? added : `${added.trimEnd()}\n  ${volume}:\n`;
}
