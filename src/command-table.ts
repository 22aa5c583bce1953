import type { Command } from 'commander';

/** A command of the program. Its module is loaded when it is typed: to load all of them takes longer than most work. */
export interface CommandEntry {
  readonly name: string;
  /** What follows its name, as the help shows it. */
  readonly usage: string;
  readonly summary: string;
  /** Gives what adds arguments, options and the work itself to the command of this name. */
  load(): Promise<(command: Command) => Command>;
}

/** All commands, in the order in which the help shows them. */
export const commandTable: readonly CommandEntry[] = [
  {
    name: 'list',
    usage: '',
    summary: 'all lessons, and which of them you have passed',
    load: async () => (await import('./commands/list.js')).listCommand,
  },
  {
    name: 'summary',
    usage: '[stage]',
    summary: 'what you have done in a stage, measured, and met on the way',
    load: async () => (await import('./commands/summary.js')).summaryCommand,
  },
  {
    name: 'glossary',
    usage: '[word]',
    summary: 'the words of the course, and which lesson explains them',
    load: async () => (await import('./commands/glossary.js')).glossaryCommand,
  },
  {
    name: 'lint',
    usage: '[folder]',
    summary: 'for authors: reads every lesson and says what is wrong with it',
    load: async () => (await import('./commands/lint.js')).lintCommand,
  },
  {
    name: 'up',
    usage: '[stage]',
    summary: 'bring the servers of a stage up, keeping the data they have',
    load: async () => (await import('./commands/up.js')).upCommand,
  },
  {
    name: 'down',
    usage: '[options]',
    summary: 'stop the servers that the course started',
    load: async () => (await import('./commands/down.js')).downCommand,
  },
  {
    name: 'status',
    usage: '',
    summary: 'what runs now',
    load: async () => (await import('./commands/status.js')).statusCommand,
  },
  {
    name: 'check',
    usage: '[options] [lesson]',
    summary: 'look at the live lab: what of a lesson is done, what is not, what went wrong',
    load: async () => (await import('./commands/check.js')).checkCommand,
  },
  {
    name: 'solve',
    usage: '<lesson>',
    summary: 'type the solution of a lesson for real, and look whether its checks pass',
    load: async () => (await import('./commands/solve.js')).solveCommand,
  },
  {
    name: 'goto',
    usage: '<lesson>',
    summary: 'bring a real lab to the start of a lesson: its stage up, every solution before it typed',
    load: async () => (await import('./commands/goto.js')).gotoCommand,
  },
  {
    name: 'undo',
    usage: '[lesson]',
    summary: 'bring the lab back to the start of this lesson; files that you changed are kept beside',
    load: async () => (await import('./commands/undo.js')).undoCommand,
  },
  {
    name: 'checkpoint',
    usage: '',
    summary: 'keep the state of the lab under a name, go back to it, carry it to another machine',
    load: async () => (await import('./commands/checkpoint.js')).checkpointCommand,
  },
  {
    name: 'answer',
    usage: '<lesson> <question> <value>',
    summary: 'answer a question of a lesson',
    load: async () => (await import('./commands/answer.js')).answerCommand,
  },
  {
    name: 'reset',
    usage: '<file>',
    summary: 'bring a file of your workspace back as the course gave it; yours is kept beside it',
    load: async () => (await import('./commands/reset.js')).resetCommand,
  },
  {
    name: 'shell',
    usage: '<service> [args...]',
    summary: "open a service's own shell: mongosh, redis-cli or a system shell",
    load: async () => (await import('./commands/shell.js')).shellCommand,
  },
  {
    name: 'logs',
    usage: '[options] <service>',
    summary: "a service's log",
    load: async () => (await import('./commands/logs.js')).logsCommand,
  },
  {
    name: 'fault',
    usage: '<fault> <service>',
    summary: 'make a service fail, or bring it back',
    load: async () => (await import('./commands/fault.js')).faultCommand,
  },
  {
    name: 'traffic',
    usage: '',
    summary: 'the load the shop is under: customers who look around and order, at a steady rate',
    load: async () => (await import('./commands/traffic.js')).trafficCommand,
  },
  {
    name: 'exam',
    usage: '',
    summary: 'the final exam: ten times the customers for a minute, while the course kills servers',
    load: async () => (await import('./commands/exam.js')).examCommand,
  },
  {
    name: 'demo',
    usage: '[stage|lesson]',
    summary: 'watch the course type its own solutions on a real lab, and its checks pass',
    load: async () => (await import('./commands/demo.js')).demoCommand,
  },
  {
    name: 'pull',
    usage: '[options]',
    summary: 'fetch all that the stages run, ahead of time: images, or programs on the local runtime',
    load: async () => (await import('./commands/pull.js')).pullCommand,
  },
  {
    name: 'bundle',
    usage: '<direction> <file>',
    summary: "carry the course's images to machines without a network, in one file",
    load: async () => (await import('./commands/bundle.js')).bundleCommand,
  },
  {
    name: 'doctor',
    usage: '',
    summary: 'what this machine has, what is missing, and how to get it',
    load: async () => (await import('./commands/doctor.js')).doctorCommand,
  },
];
