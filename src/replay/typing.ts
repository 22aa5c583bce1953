import type { ShellKind } from '../lab/runtime.js';

/** What a step does, as a learner would do it. */
export type Typing =
  /** Lines typed into the shell of a service. */
  | { readonly how: 'shell'; readonly at: string; readonly input: string }
  /** A file of the workspace, and what is in it then. */
  | { readonly how: 'edit'; readonly at: string; readonly input: string }
  /** An answer given to a question. */
  | { readonly how: 'answer'; readonly at: string; readonly input: string }
  /** A command of the course: `mongo-scale-course fault kill shard1a`. */
  | { readonly how: 'command'; readonly input: string }
  /** Watching the lab until something is so. */
  | { readonly how: 'wait'; readonly input: string };

/** A step that was done, and what was printed: prompts included, as a learner would see it. */
export type Typed = Typing & {
  readonly output: string;
  /** Of an edited file: where what the learner had written is kept, if that was his. */
  readonly kept?: string | undefined;
};

/** Types lines into a shell of a service; gives what was printed, as far as anybody asks for it. */
export type TypeInto = (service: string, kind: ShellKind, input: string) => Promise<string>;

/** Where or how it is typed: `typed on shard1a`. */
export function typingTitle(typing: Typing): string {
  switch (typing.how) {
    case 'shell':
      return `typed on ${typing.at}`;
    case 'edit':
      return `written into ${typing.at}`;
    case 'answer':
      return `answered "${typing.at}"`;
    case 'command':
      return 'typed in a shell of your own';
    case 'wait':
      return 'waited until';
  }
}

/** The first line of it behind its prompt, for where there is room for one line. */
export function typingLine(typing: Typing): string {
  const [first = ''] = typing.input.trim().split('\n');
  switch (typing.how) {
    case 'shell':
      return `${typing.at}> ${first}`;
    case 'edit':
      return `writing ${typing.at}`;
    case 'answer':
      return `${typing.at}: ${first}`;
    case 'command':
      return `$ ${first}`;
    case 'wait':
      return `waiting until ${first}`;
  }
}
