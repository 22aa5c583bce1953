import type { FaultKind } from '../../lab/faults/faults.js';

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

export type Command =
  | 'up'
  | 'down'
  | 'page-up'
  | 'page-down'
  | 'top'
  | 'bottom'
  | 'open'
  | 'next-lesson'
  | 'previous-lesson'
  | 'hint'
  | 'answer'
  | 'edit'
  | 'shell'
  | 'details'
  | FaultKind
  | 'bring-up'
  | 'traffic'
  | 'pause-demo'
  | 'leave-demo'
  | 'go-to'
  | 'undo'
  | 'retry'
  | 'search'
  | 'next-pane'
  | 'previous-pane'
  | 'lesson-pane'
  | 'checks-pane'
  | 'lab-pane'
  | 'shell-pane'
  | 'leave-shell'
  | 'zoom-shell'
  | 'scroll-shell'
  | 'next-shell'
  | 'system-shell'
  | 'type-code'
  | 'type-block'
  | 'close-shell'
  | 'reopen-shell'
  | 'live-shell'
  | 'submit'
  | 'erase'
  | 'cancel'
  | 'confirm'
  | 'dismiss'
  | 'show-course'
  | 'mistakes'
  | 'glossary'
  | 'summary'
  | 'help'
  | 'quit';

export interface KeyBinding {
  readonly command: Command;
  readonly keys: readonly string[];
  readonly in: readonly KeyContext[];
  /** A sentence for the help screen. */
  readonly does: string;
  /** The word in the bottom line; without one the binding is only in the help screen. */
  readonly bar?: string;
}
