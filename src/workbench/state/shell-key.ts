import type { ShellKind } from '../../lab/runtime.js';

/** A shell as the rest of the workbench names it. */
export interface ShellEntry {
  readonly service: string;
  readonly kind: ShellKind;
  /** How it ended; undefined while it lives. */
  readonly ended: string | undefined;
}

export type ShellKey = Pick<ShellEntry, 'service' | 'kind'>;

export function sameShell(one: ShellKey | undefined, other: ShellKey | undefined): boolean {
  return one?.service === other?.service && one?.kind === other?.kind;
}
