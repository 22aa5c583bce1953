import { nearest } from '../../course/nearest.js';
import { faultKinds } from '../../lab/faults/faults.js';

export type PlainCommand =
  | 'lesson'
  | 'next'
  | 'back'
  | 'open'
  | 'list'
  | 'hint'
  | 'answer'
  | 'check'
  | 'debrief'
  | 'diagram'
  | 'shell'
  | 'file'
  | 'status'
  | 'traffic'
  | 'fault'
  | 'up'
  | 'goto'
  | 'undo'
  | 'checkpoint'
  | 'checkpoints'
  | 'mistakes'
  | 'glossary'
  | 'summary'
  | 'help'
  | 'quit';

interface PlainWord {
  readonly command: PlainCommand;
  /** What may follow the word, as help shows it. */
  readonly argument?: string;
  readonly does: string;
}

/** Every word of plain mode, in the order in which help lists them. */
export const plainWords: readonly PlainWord[] = [
  { command: 'lesson', does: 'reads this lesson again' },
  { command: 'next', does: 'goes on to the next lesson' },
  { command: 'back', does: 'goes back to the lesson before' },
  { command: 'open', argument: 'LESSON', does: 'opens any lesson, by its id or a part of it' },
  { command: 'list', argument: '[TEXT]', does: 'lists all lessons, or those with TEXT in title or id' },
  { command: 'hint', does: 'gives the next of three hints' },
  { command: 'answer', argument: '[VALUE]', does: 'answers the question of this lesson' },
  { command: 'check', does: 'looks at the lab now, and tells of each check' },
  { command: 'debrief', does: 'tells what happened, once the lesson is passed' },
  { command: 'diagram', does: 'prints the diagrams of this lesson' },
  { command: 'shell', argument: '[SERVICE]', does: 'opens a shell, by itself where this lesson needs one' },
  {
    command: 'file',
    does: 'tells where the file is that this lesson is about; it is used as soon as you save it',
  },
  { command: 'status', does: 'tells what runs' },
  {
    command: 'traffic',
    argument: '[start|stop]',
    does: 'sends the customers of this lesson to the shop, or no more; by itself, tells how they fare',
  },
  {
    command: 'fault',
    argument: 'KIND SERVICE',
    does: `makes a service fail, or brings it back: ${faultKinds.join(', ')}`,
  },
  { command: 'up', does: "brings up this lesson's stage: starts its servers, keeps their data" },
  {
    command: 'goto',
    argument: '[LESSON]',
    does: 'starts a lesson anew: types the solutions before it, for real',
  },
  {
    command: 'undo',
    does: 'brings the lab back to the start of this lesson; files that you changed are kept beside',
  },
  {
    command: 'checkpoint',
    argument: 'save|restore NAME',
    does: 'keeps the lab as it is now under a name, or brings it back to that',
  },
  { command: 'checkpoints', does: 'lists the checkpoints' },
  { command: 'mistakes', does: 'tells the mistakes that the course recognises: those you met, explained' },
  { command: 'glossary', argument: '[WORD]', does: 'explains a word of the course, or all of them' },
  {
    command: 'summary',
    argument: '[STAGE]',
    does: 'tells what you passed, predicted, measured and met in this stage',
  },
  { command: 'help', does: 'lists these words' },
  { command: 'quit', does: 'leaves; the lab goes on running' },
];

export type PlainLine =
  | { readonly kind: 'command'; readonly command: PlainCommand; readonly argument: string }
  | { readonly kind: 'empty' }
  | { readonly kind: 'unknown'; readonly word: string; readonly nearest: string };

/** What a line that was typed means. `?`, `exit`, `q` and `previous` are taken for what they are elsewhere. */
export function parseLine(line: string): PlainLine {
  const [typed = '', ...rest] = line.trim().split(/\s+/);
  if (typed === '') return { kind: 'empty' };
  const word = otherNames[typed.toLowerCase()] ?? typed.toLowerCase();
  const known = plainWords.find(({ command }) => command === word);
  if (known !== undefined) return { kind: 'command', command: known.command, argument: rest.join(' ') };
  const words = plainWords.map(({ command }) => command);
  return { kind: 'unknown', word: typed, nearest: nearest(word, words) ?? 'help' };
}

const otherNames: Readonly<Record<string, string>> = {
  '?': 'help',
  exit: 'quit',
  q: 'quit',
  previous: 'back',
  checks: 'check',
  hints: 'hint',
};
