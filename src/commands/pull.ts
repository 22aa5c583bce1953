import type { Command } from 'commander';
import { findStage, loadCatalog } from '../course/catalog.js';
import { withLab } from './lab-context.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';
import { withProgressLines } from './output/progress-lines.js';

export function pullCommand(command: Command): Command {
  return command
    .option('--stage <stage...>', 'only these stages (default: all)')
    .action(async (_: unknown, command: Command) => {
      const options = optionsOf<{ stage?: string[] }>(command);
      const catalog = await loadCatalog(options.lang);
      const wanted = options.stage?.map((id) => findStage(catalog, id)) ?? catalog.stages;
      const stages = wanted.map(({ id }) => id);
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
