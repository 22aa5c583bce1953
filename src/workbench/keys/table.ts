import type { FaultKind } from '../../lab/faults.js';

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

/**
 * Every key of the workbench, in the order in which help lists them and in which the bottom line gives up those
 * that have no room. Help and the bottom line are made from this table.
 */
export const keyTable: readonly KeyBinding[] = [
  { command: 'open', keys: ['enter'], in: ['course'], does: 'Open the lesson', bar: 'open' },
  {
    command: 'details',
    keys: ['enter', 'i'],
    in: ['lab'],
    does: 'The chosen node: how it is, its log as it comes, what can be done to it',
    bar: 'details',
  },
  { command: 'shell', keys: ['s'], in: ['node'], does: 'Open a shell on this node', bar: 'shell' },
  {
    command: 'stop',
    keys: ['S'],
    in: ['lab', 'node'],
    does: 'Stop the node in order (SIGTERM)',
    bar: 'stop',
  },
  { command: 'kill', keys: ['K'], in: ['lab', 'node'], does: 'Kill the node (SIGKILL)', bar: 'kill' },
  {
    command: 'pause',
    keys: ['P'],
    in: ['lab', 'node'],
    does: 'Pause the node (SIGSTOP): it hangs, and keeps its connections',
    bar: 'pause',
  },
  { command: 'resume', keys: ['R'], in: ['lab', 'node'], does: 'Let the paused node run on', bar: 'resume' },
  { command: 'start', keys: ['U'], in: ['lab', 'node'], does: 'Start the node again', bar: 'start' },
  {
    command: 'isolate',
    keys: ['I'],
    in: ['lab', 'node'],
    does: 'Cut the node off the network (containers only)',
    bar: 'isolate',
  },
  { command: 'rejoin', keys: ['J'], in: ['lab', 'node'], does: 'Put it on the network again', bar: 'rejoin' },
  { command: 'next-lesson', keys: ['n'], in: ['lesson'], does: 'Go on to the next lesson', bar: 'next' },
  { command: 'previous-lesson', keys: ['p'], in: ['lesson'], does: 'Back to the lesson before' },
  {
    command: 'leave-shell',
    keys: ['ctrl+]'],
    in: ['shell'],
    does: 'Out of the shell, which lives on; a second key after it: z zoom, b scroll back, w next shell, x close',
    bar: 'leaves; then z zooms, b scrolls, w next, x closes',
  },
  {
    command: 'reopen-shell',
    keys: ['enter'],
    in: ['shell-ended'],
    does: 'Open this shell anew',
    bar: 'open anew',
  },
  {
    command: 'live-shell',
    keys: ['s', 'ctrl+]'],
    in: ['shell-prefix'],
    does: 'Back into the shell',
    bar: 'shell',
  },
  {
    command: 'live-shell',
    keys: ['escape', 'q', 'enter'],
    in: ['shell-scroll'],
    does: 'Back to the newest line, and into the shell',
    bar: 'shell',
  },
  {
    command: 'scroll-shell',
    keys: ['b', '[', 'pageup'],
    in: ['shell-prefix'],
    does: 'Scroll back through what the shell printed',
    bar: 'scroll back',
  },
  {
    command: 'close-shell',
    keys: ['x', 'escape', 'q'],
    in: ['shell-ended'],
    does: 'Close the shell pane',
    bar: 'close',
  },
  {
    command: 'shell',
    keys: ['s', 'enter'],
    in: ['lesson'],
    does: 'Open a shell: on the node the first open check is about, or on the one chosen in the lab pane',
    bar: 'shell',
  },
  {
    command: 'system-shell',
    keys: ['!'],
    in: ['lesson'],
    does: 'Open a system shell (bash) on the same node',
  },
  {
    command: 'type-code',
    keys: ['t'],
    in: ['lesson'],
    does: 'Type a numbered code block into the shell, from the checks pane the line that shows what a check sees; Enter there runs it',
    bar: 'type code',
  },
  {
    command: 'type-block',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    in: ['block'],
    does: 'The code block of this number',
    bar: 'to 9: which code block is typed into the shell',
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
    command: 'edit',
    keys: ['e'],
    in: ['lesson'],
    does: 'Open the file that this lesson is about in your editor ($EDITOR); it is used as soon as you save it',
    bar: 'edit',
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
  {
    command: 'traffic',
    keys: ['T'],
    in: ['lesson'],
    does: 'Send customers to the shop, at a steady rate, or send them no more',
    bar: 'traffic',
  },
  { command: 'retry', keys: ['r'], in: ['work-over'], does: 'Try again', bar: 'try again' },
  { command: 'next-pane', keys: ['tab', 'right', 'l'], in: ['lesson'], does: 'Next pane', bar: 'pane' },
  { command: 'previous-pane', keys: ['shift+tab', 'left'], in: ['lesson'], does: 'Previous pane' },
  { command: 'lesson-pane', keys: ['1'], in: ['lesson'], does: 'Lesson pane' },
  { command: 'checks-pane', keys: ['2'], in: ['lesson'], does: 'Checks pane' },
  { command: 'lab-pane', keys: ['3'], in: ['lesson'], does: 'Lab pane' },
  { command: 'shell-pane', keys: ['4'], in: ['lesson'], does: 'Shell pane' },
  {
    command: 'zoom-shell',
    keys: ['z'],
    in: ['shell-prefix', 'lesson'],
    does: 'The shell on the whole screen, and back',
    bar: 'zoom shell',
  },
  {
    command: 'next-shell',
    keys: ['w'],
    in: ['shell-prefix', 'lesson', 'shell-ended'],
    does: 'The next of the open shells',
    bar: 'next shell',
  },
  {
    command: 'close-shell',
    keys: ['x'],
    in: ['shell-prefix', 'lesson'],
    does: 'Close the shell pane; shells live on',
    bar: 'close shell',
  },
  {
    command: 'up',
    keys: ['up', 'k'],
    in: ['course', 'lesson', 'help', 'page', 'choice', 'shell-scroll', 'work', 'work-over'],
    does: 'One line up; in a list, the entry before; in the checks, the check before',
  },
  {
    command: 'down',
    keys: ['down', 'j'],
    in: ['course', 'lesson', 'help', 'page', 'choice', 'shell-scroll', 'work', 'work-over'],
    does: 'One line down; in a list, the next entry; in the checks, the next check',
  },
  { command: 'up', keys: ['up', 'k'], in: ['node'], does: 'The node before' },
  { command: 'down', keys: ['down', 'j'], in: ['node'], does: 'The next node' },
  { command: 'up', keys: ['up'], in: ['search'], does: 'The lesson before' },
  { command: 'down', keys: ['down', 'tab'], in: ['search'], does: 'The next lesson' },
  { command: 'up', keys: ['up'], in: ['glossary'], does: 'One line up' },
  { command: 'down', keys: ['down'], in: ['glossary'], does: 'One line down' },
  { command: 'page-up', keys: ['pageup'], in: ['glossary'], does: 'One page up' },
  { command: 'page-down', keys: ['pagedown'], in: ['glossary'], does: 'One page down' },
  {
    command: 'page-up',
    keys: ['pageup', 'b', 'ctrl+b', 'ctrl+u'],
    in: ['lesson', 'help', 'page', 'shell-scroll', 'work', 'work-over'],
    does: 'One page up',
  },
  {
    command: 'page-down',
    keys: ['pagedown', 'space', 'ctrl+f', 'ctrl+d'],
    in: ['lesson', 'help', 'page', 'shell-scroll', 'work', 'work-over'],
    does: 'One page down',
  },
  {
    command: 'top',
    keys: ['home'],
    in: ['course', 'lesson', 'help', 'page', 'shell-scroll', 'work', 'work-over'],
    does: 'To the beginning',
  },
  {
    command: 'bottom',
    keys: ['end', 'G'],
    in: ['course', 'lesson', 'help', 'page', 'shell-scroll', 'work', 'work-over'],
    does: 'To the end',
  },
  { command: 'submit', keys: ['enter'], in: ['choice', 'number'], does: 'Give the answer', bar: 'answer' },
  { command: 'submit', keys: ['enter'], in: ['search'], does: 'Open the lesson', bar: 'open' },
  {
    command: 'erase',
    keys: ['backspace', 'delete'],
    in: ['number', 'search', 'glossary'],
    does: 'Erase the last character',
  },
  {
    command: 'cancel',
    keys: ['escape'],
    in: ['block', 'choice', 'number', 'search', 'work', 'confirm'],
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
  { command: 'dismiss', keys: ['escape', 'enter', 'q'], in: ['page'], does: 'Back', bar: 'back' },
  { command: 'dismiss', keys: ['escape', 'enter'], in: ['glossary'], does: 'Back', bar: 'back' },
  { command: 'dismiss', keys: ['escape'], in: ['shell-prefix'], does: 'Stay in the lesson' },
  { command: 'dismiss', keys: ['escape', 'enter', 'i', 'q'], in: ['node'], does: 'Back', bar: 'back' },
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
  {
    command: 'leave-shell',
    keys: ['ctrl+]'],
    in: ['shell-scroll', 'shell-ended'],
    does: 'Out of the shell',
    bar: 'lesson',
  },
  {
    command: 'pause-demo',
    keys: ['space', 'p'],
    in: ['demo'],
    does: 'Hold the demo before the next character, and go on',
    bar: 'hold / go on',
  },
  {
    command: 'leave-demo',
    keys: ['escape', 'q'],
    in: ['demo'],
    does: 'End the demo here: the lab, the lesson and the shells are yours',
    bar: 'take over',
  },
  { command: 'help', keys: ['?'], in: ['course', 'lesson', 'node'], does: 'All keys', bar: 'keys' },
  {
    command: 'quit',
    keys: ['q'],
    in: ['course', 'lesson'],
    does: 'Quit. The lab goes on running',
    bar: 'quit',
  },
  {
    command: 'mistakes',
    keys: ['m'],
    in: ['course', 'lesson'],
    does: 'The mistakes that the course recognises: those you met, explained',
    bar: 'mistakes',
  },
  {
    command: 'glossary',
    keys: ['v'],
    in: ['course', 'lesson'],
    does: 'The glossary: the vocabulary of the course; type to find a word',
    bar: 'glossary',
  },
  {
    command: 'summary',
    keys: ['o'],
    in: ['course', 'lesson'],
    does: 'The outcome of this stage: what you passed, predicted, measured and met',
    bar: 'outcome',
  },
  {
    command: 'quit',
    keys: ['ctrl+c'],
    in: [
      'course',
      'lesson',
      'shell-prefix',
      'shell-scroll',
      'shell-ended',
      'block',
      'node',
      'help',
      'page',
      'glossary',
      'trouble',
      'choice',
      'number',
      'search',
      'demo',
      'work',
      'work-over',
      'confirm',
    ],
    does: 'Quit, from anywhere but a shell',
  },
];
