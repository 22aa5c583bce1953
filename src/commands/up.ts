import type { Command } from 'commander';
import { findStage } from '../course/catalog.js';
import { withCourse } from './course-context.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';
import { withProgressLines } from './output/progress-lines.js';
import { statusOf } from './status.js';

export function upCommand(command: Command): Command {
  return command
    .argument('[stage]', 'single-node, sharding, … (default: the stage the lab is at)')
    .action(async (stage: string | undefined, _: unknown, command: Command) => {
      const options = optionsOf(command);
      await withCourse(options, async ({ lab, catalog, signal }) => {
        const { id } = findStage(catalog, stage ?? lab.stage() ?? catalog.stages[0]?.id ?? 'single-node');
        await withProgressLines(options.json, (onProgress) => lab.up(id, onProgress, signal));
        if (options.json) sayJson(await statusOf(lab));
        else
          say(`Stage ${id} is up on the ${lab.runtime.kind} runtime. Stop it with: mongo-scale-course down`);
      });
    });
}
