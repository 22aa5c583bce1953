import type { Command } from 'commander';
import type { Progress } from '../course/progress.js';
import { usageProblem } from '../problem.js';
import { runGoto } from './goto.js';
import { optionsOf } from './options.js';

export function undoCommand(command: Command): Command {
  return command
    .argument('[lesson]', 'default: the lesson you opened last')
    .action((id: string | undefined, _: unknown, command: Command) =>
      runGoto(optionsOf(command), (progress) => ({ id: id ?? currentLesson(progress), restart: true })),
    );
}

function currentLesson({ current }: Progress): string {
  if (current !== undefined) return current;
  throw usageProblem(
    'no-lesson',
    'There is nothing to undo: no lesson is open in this home.',
    'Name a lesson: mongo-scale-course undo LESSON. List them: mongo-scale-course list',
  );
}
