import { Command } from 'commander';
import { findStage, loadCatalog } from '../course/catalog.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function pullCommand(): Command {
  return new Command('pull')
    .description('fetch all that the stages run, ahead of time: images, or programs on the local runtime')
    .option('--stage <stage...>', 'only these stages (default: all)')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ stage?: string[] }>(command);
      const catalog = await loadCatalog(options.lang);
      const wanted = options.stage?.map((id) => findStage(catalog, id)) ?? catalog.stages;
      const stages = wanted.map(({ id }) => id);
      const { withLab } = await import('./lab-context.js');
      const { withProgressLines } = await import('./output/progress-lines.js');
      await withLab(options, async ({ lab, signal }) => {
        const programs = await withProgressLines(options.json, (onProgress) =>
          lab.fetch(stages, onProgress, signal),
        );
        if (options.json) return sayJson({ runtime: lab.runtime.kind, stages, programs });
        say(`Here now: ${programs.join(', ')}.`);
        say(`All that ${stages.join(', ')} run on the ${lab.runtime.kind} runtime; it needs no network now.`);
      });
    });
}
