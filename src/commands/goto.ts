import { Command } from 'commander';
import { findLesson } from '../course/catalog.js';
import type { GotoEvent } from '../grading/goto.js';
import { undoneSentences } from '../lab/undo-faults.js';
import { optionsOf } from './options.js';
import { say, sayJson, tell } from './output.js';

export function gotoCommand(): Command {
  return new Command('goto')
    .description('bring a real lab to the start of a lesson: its stage up, every solution before it typed')
    .argument('<lesson>')
    .action(async (id: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const { withCourse } = await import('./course-context.js');
      const { goTo } = await import('../grading/goto.js');
      const { statusOf } = await import('./status.js');
      await withCourse(options, async ({ lab, catalog, grader, signal }) => {
        const target = findLesson(catalog, id);
        const onEvent = options.json ? () => {} : await gotoLines();
        await goTo({ catalog, lab, grader, target, signal, onEvent });
        if (options.json) sayJson({ lesson: target.id, ...(await statusOf(lab)) });
        else say(`The lab is at the start of ${target.id}: ${target.title}`);
      });
    });
}

/** Says on stderr what `goto` does: services, a lab that is emptied, lessons replayed. */
export async function gotoLines(): Promise<(event: GotoEvent) => void> {
  const { progressLines } = await import('./progress-lines.js');
  const upLines = progressLines();
  const kept = new Set<string>();
  return (event) => {
    // On the way to a lesson a stage is brought up more than once: what runs is nothing to tell.
    if (event.kind === 'service' && event.phase === 'unchanged') return;
    if (event.kind === 'program' || event.kind === 'service' || event.kind === 'file') upLines(event);
    if (event.kind === 'rebuild') tell(`Starting from an empty lab, because ${event.reason}.`);
    if (event.kind === 'undone') for (const sentence of undoneSentences(event.undone)) tell(`  ${sentence}`);
    if (event.kind === 'replay') {
      // A demo goes the same way again and again.
      if (event.phase === 'kept' && kept.has(event.lesson)) return;
      if (event.phase === 'kept') kept.add(event.lesson);
      const words = {
        typing: 'typing the solution',
        passed: 'passed',
        kept: 'done already',
        skipped: 'skipped',
      };
      tell(`  ${event.lesson}: ${words[event.phase]}`);
    }
  };
}
