import type { Command } from 'commander';
import { findLesson } from '../course/catalog.js';
import { type Progress, readProgress } from '../course/progress.js';
import { undoneSentences } from '../lab/faults/undo-faults.js';
import { goTo } from '../replay/goto.js';
import type { GotoEvent } from '../replay/goto-event.js';
import { isRoute, noteRestore, routeSentence } from '../replay/route-words.js';
import { withCourse } from './course-context.js';
import { type CommonOptions, optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';
import type { ProgressLines } from './output/progress-lines.js';
import { progressLines } from './output/progress-lines.js';
import { statusOf } from './status.js';

export function gotoCommand(command: Command): Command {
  return command
    .argument('<lesson>')
    .action((id: string, _: unknown, command: Command) => runGoto(optionsOf(command), () => ({ id })));
}

/** The lesson to go to, and whether it begins again even where the lab looks as at its start. */
interface Destination {
  readonly id: string;
  readonly restart?: boolean;
}

/** Brings the lab to the start of a lesson, with lines on stderr, and prints where it is then. */
export async function runGoto(
  options: CommonOptions,
  destination: (progress: Progress) => Destination,
): Promise<void> {
  await withCourse(options, async ({ lab, catalog, grader, signal }) => {
    const { id, restart } = destination(readProgress(lab.home.progress));
    const target = findLesson(catalog, id);
    await withGotoLines(options.json, (onEvent) =>
      goTo({ catalog, lab, grader, target, restart, signal, onEvent }),
    );
    if (options.json) sayJson({ lesson: target.id, ...(await statusOf(lab)) });
    else say(`The lab is at the start of ${target.id}: ${target.title}`);
  });
}

type OnGoto = (event: GotoEvent) => void;

/**
 * Runs `work` and says on stderr what `goto` does: services, a lab that is emptied, lessons replayed; silent where
 * the output is the `--json` document.
 */
export async function withGotoLines<T>(json: boolean, work: (onEvent: OnGoto) => Promise<T>): Promise<T> {
  if (json) return work(() => {});
  const lines = progressLines();
  try {
    return await work(gotoLines(lines));
  } finally {
    lines.close();
  }
}

function gotoLines(lines: ProgressLines): OnGoto {
  const kept = new Set<string>();
  return (event) => {
    // On the way to a lesson a stage is brought up more than once: what runs is nothing to tell.
    if (event.kind === 'service' && event.phase === 'unchanged') return;
    if (event.kind === 'program' || event.kind === 'service' || event.kind === 'file') lines(event);
    if (isRoute(event)) lines.say(routeSentence(event));
    noteRestore(lines, event);
    if (event.kind === 'undone')
      for (const sentence of undoneSentences(event.undone)) lines.say(`  ${sentence}`);
    if (event.kind === 'replay') {
      if (event.phase === 'typing') lines.begin(event.lesson, 'typing the solution of');
      else lines.end(event.lesson);
      // A demo goes the same way again and again.
      if (event.phase === 'kept' && kept.has(event.lesson)) return;
      if (event.phase === 'kept') kept.add(event.lesson);
      const words = {
        typing: 'typing the solution',
        passed: 'passed',
        kept: 'done already',
        skipped: 'skipped',
      };
      lines.say(`  ${event.lesson}: ${words[event.phase]}`);
    }
  };
}
