import type { Command } from 'commander';
import { findStage, loadCatalog } from '../course/catalog.js';
import { readProgress } from '../course/progress.js';
import { summaryOf, summaryParts } from '../grading/summary.js';
import { resolveHome } from '../home.js';
import type { Lesson } from '../lesson/lesson.js';
import { tellOfDamage } from './damaged-progress.js';
import { optionsOf } from './options.js';
import { paint, say, sayJson } from './output/output.js';

export function summaryCommand(command: Command): Command {
  return command
    .argument('[stage]', 'default: the one you left off in')
    .action(async (named: string | undefined, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const catalog = await loadCatalog<Lesson>(options.lang);
      const file = resolveHome(options.home).progress;
      tellOfDamage(file);
      const progress = readProgress(file);
      const left = catalog.lessons.find(({ id }) => id === progress.current)?.stage;
      const stage = findStage(catalog, named ?? left ?? catalog.stages[0]?.id ?? '');
      const summary = await summaryOf(stage, progress, options.lang);
      if (options.json) return sayJson(summary);
      for (const { heading, lines } of summaryParts(summary)) {
        say(paint('bold', heading));
        for (const line of lines) say(`  ${line}`);
        say();
      }
    });
}
