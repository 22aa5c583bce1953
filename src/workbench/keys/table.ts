/** Where keys go: the screen, or what lies over it. */
export type KeyContext =
  | 'course'
  | 'lesson'
  | 'work'
  | 'work-over'
  | 'help'
  | 'trouble'
  | 'confirm'
  | 'choice'
  | 'number'
  | 'search';

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
  | 'shell'
  | 'bring-up'
  | 'go-to'
  | 'retry'
  | 'search'
  | 'next-pane'
  | 'previous-pane'
  | 'lesson-pane'
  | 'checks-pane'
  | 'lab-pane'
  | 'submit'
  | 'erase'
  | 'cancel'
  | 'confirm'
  | 'dismiss'
  | 'show-course'
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

/**
 * Every key of the workbench, in the order in which help lists them and in which the bottom line gives up those
 * that have no room. Help and the bottom line are made from this table.
 */
export const keyTable: readonly KeyBinding[] = [
  { command: 'open', keys: ['enter'], in: ['course'], does: 'Open the lesson', bar: 'open' },
  { command: 'next-lesson', keys: ['n'], in: ['lesson'], does: 'Go on to the next lesson', bar: 'next' },
  { command: 'previous-lesson', keys: ['p'], in: ['lesson'], does: 'Back to the lesson before' },
  {
    command: 'shell',
    keys: ['s', 'enter'],
    in: ['lesson'],
    does: 'Open a shell: on the node the first open check is about, or on the one chosen in the lab pane',
    bar: 'shell',
  },
  { command: 'hint', keys: ['h'], in: ['lesson'], does: 'Unfold the next of the three hints', bar: 'hint' },
  {
    command: 'answer',
    keys: ['a'],
    in: ['lesson'],
    does: 'Answer the question of this lesson',
    bar: 'answer',
  },
  {
    command: 'bring-up',
    keys: ['u'],
    in: ['course', 'lesson'],
    does: 'Bring up the stage: start its servers, keep their data',
    bar: 'bring up',
  },
  {
    command: 'go-to',
    keys: ['g'],
    in: ['course', 'lesson'],
    does: 'Start this lesson anew: bring the lab to its start, by typing the solutions before it',
    bar: 'go to',
  },
  { command: 'retry', keys: ['r'], in: ['work-over'], does: 'Try again', bar: 'try again' },
  { command: 'next-pane', keys: ['tab', 'right', 'l'], in: ['lesson'], does: 'Next pane', bar: 'pane' },
  { command: 'previous-pane', keys: ['shift+tab', 'left'], in: ['lesson'], does: 'Previous pane' },
  { command: 'lesson-pane', keys: ['1'], in: ['lesson'], does: 'Lesson pane' },
  { command: 'checks-pane', keys: ['2'], in: ['lesson'], does: 'Checks pane' },
  { command: 'lab-pane', keys: ['3'], in: ['lesson'], does: 'Lab pane' },
  {
    command: 'up',
    keys: ['up', 'k'],
    in: ['course', 'lesson', 'help', 'choice'],
    does: 'One line up; in a list, the entry before',
  },
  {
    command: 'down',
    keys: ['down', 'j'],
    in: ['course', 'lesson', 'help', 'choice'],
    does: 'One line down; in a list, the next entry',
  },
  { command: 'up', keys: ['up'], in: ['search'], does: 'The lesson before' },
  { command: 'down', keys: ['down', 'tab'], in: ['search'], does: 'The next lesson' },
  {
    command: 'page-up',
    keys: ['pageup', 'b', 'ctrl+b', 'ctrl+u'],
    in: ['lesson', 'help'],
    does: 'One page up',
  },
  {
    command: 'page-down',
    keys: ['pagedown', 'space', 'ctrl+f', 'ctrl+d'],
    in: ['lesson', 'help'],
    does: 'One page down',
  },
  { command: 'top', keys: ['home'], in: ['course', 'lesson', 'help'], does: 'To the beginning' },
  { command: 'bottom', keys: ['end', 'G'], in: ['course', 'lesson', 'help'], does: 'To the end' },
  { command: 'submit', keys: ['enter'], in: ['choice', 'number'], does: 'Give the answer', bar: 'answer' },
  { command: 'submit', keys: ['enter'], in: ['search'], does: 'Open the lesson', bar: 'open' },
  {
    command: 'erase',
    keys: ['backspace', 'delete'],
    in: ['number', 'search'],
    does: 'Erase the last character',
  },
  {
    command: 'cancel',
    keys: ['escape'],
    in: ['choice', 'number', 'search', 'work', 'confirm'],
    does: 'Do not',
    bar: 'cancel',
  },
  {
    command: 'dismiss',
    keys: ['escape', 'enter', 'q', '?'],
    in: ['help', 'trouble', 'work-over'],
    does: 'Back',
    bar: 'back',
  },
  { command: 'confirm', keys: ['y'], in: ['confirm'], does: 'Yes, do it', bar: 'yes' },
  {
    command: 'show-course',
    keys: ['escape', 'c'],
    in: ['lesson'],
    does: 'The list of lessons',
    bar: 'course',
  },
  {
    command: 'search',
    keys: ['/'],
    in: ['course', 'lesson'],
    does: 'Find a lesson by its title or id',
    bar: 'find',
  },
  { command: 'help', keys: ['?'], in: ['course', 'lesson'], does: 'All keys', bar: 'keys' },
  {
    command: 'quit',
    keys: ['q'],
    in: ['course', 'lesson'],
    does: 'Quit. The lab goes on running',
    bar: 'quit',
  },
  {
    command: 'quit',
    keys: ['ctrl+c'],
    in: ['course', 'lesson', 'help', 'trouble', 'choice', 'number', 'search', 'work', 'work-over', 'confirm'],
    does: 'Quit, from anywhere',
  },
];
