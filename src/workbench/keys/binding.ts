import type { Command } from '../state/command.js';

/** Where keys go: the screen, or what lies over it. */
export type KeyContext =
  | 'course'
  | 'lesson'
  | 'shell'
  | 'shell-prefix'
  | 'shell-scroll'
  | 'shell-ended'
  | 'block'
  /** The lesson screen with the keys on the lab pane: its own keys, and those of the lesson that it has not. */
  | 'lab'
  /** The details of a node. */
  | 'node'
  | 'work'
  | 'work-over'
  | 'help'
  /** A page to read: the mistakes, a stage's summary. */
  | 'page'
  | 'glossary'
  | 'trouble'
  | 'confirm'
  | 'choice'
  | 'number'
  | 'search'
  /** While the course types its own solutions. */
  | 'demo';

export interface KeyBinding {
  readonly command: Command;
  readonly keys: readonly string[];
  readonly in: readonly KeyContext[];
  /** A sentence for the help screen. */
  readonly does: string;
  /** The word in the bottom line; without one the binding is only in the help screen. */
  readonly bar?: string;
}
