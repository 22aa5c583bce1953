import type { Command } from 'commander';
import { resetWorkspaceFile } from '../lab/workspace/workspace.js';
import { openOwnLab } from './lab-context.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function resetCommand(command: Command): Command {
  return command
    .argument('<file>', 'for example shop/cache.js')
    .action(async (file: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const lab = await openOwnLab(options);
      const kept = resetWorkspaceFile(lab.home, file, await lab.places(lab.stage() ?? 'caching'));
      const path = lab.runtime.workspacePath(file);
      if (options.json) return sayJson({ file: path, kept: kept ?? null });
      say(`${path} is as the course gave it.`);
      if (kept !== undefined) say(`What you had written is kept as ${kept}`);
    });
}
