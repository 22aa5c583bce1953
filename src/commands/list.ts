import type { Command } from 'commander';
import { loadCatalog } from '../course/catalog.js';
import { lessonState, readProgress } from '../course/progress.js';
import { resolveHome } from '../home.js';
import { tellOfDamage } from './damaged-progress.js';
import { optionsOf } from './options.js';
import { paint, say, sayJson } from './output/output.js';

const glyphs = { new: ' ', started: '◐', passed: '✔', skipped: '–' } as const;

export function listCommand(command: Command): Command {
  return command.action(async (_: unknown, command: Command) => {
    const options = optionsOf(command);
    const catalog = await loadCatalog(options.lang);
    const file = resolveHome(options.home).progress;
    tellOfDamage(file);
    const progress = readProgress(file);
    const stages = catalog.stages.map(({ id, title, lessons }) => ({
      id,
      title,
      lessons: lessons.map((lesson) => ({
        id: lesson.id,
        title: lesson.title,
        minutes: lesson.plan.minutes,
        state: lessonState(progress, lesson.id),
      })),
    }));
    if (options.json) return sayJson({ stages });
    for (const stage of stages) {
      const whole = stage.lessons.reduce((sum, { minutes }) => sum + minutes, 0);
      say(`${paint('bold', stage.title)} (${whole} min)`);
      for (const { id, title, minutes, state } of stage.lessons) {
        say(`  ${glyphs[state]} ${id.padEnd(34)} ${title} (${minutes} min)`);
      }
      say();
    }
  });
}
