import { Command } from 'commander';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function upCommand(): Command {
  return new Command('up')
    .description('bring the servers of a stage up, keeping the data they have')
    .argument('[stage]', 'single-node, sharding, … (default: the stage the lab is at)')
    .action(async (stage: string | undefined, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const { withCourse } = await import('./course-context.js');
      const { withProgressLines } = await import('./output/progress-lines.js');
      const { statusOf } = await import('./status.js');
      const { findStage } = await import('../course/catalog.js');
      await withCourse(options, async ({ lab, catalog, signal }) => {
        const { id } = findStage(catalog, stage ?? lab.stage() ?? catalog.stages[0]?.id ?? 'single-node');
        await withProgressLines(options.json, (onProgress) => lab.up(id, onProgress, signal));
        if (options.json) sayJson(await statusOf(lab));
        else
          say(`Stage ${id} is up on the ${lab.runtime.kind} runtime. Stop it with: mongo-scale-course down`);
      });
    });
}
