import { Command } from 'commander';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';

export function resetCommand(): Command {
  return new Command('reset')
    .description('bring a file of your workspace back as the course gave it; yours is kept beside it')
    .argument('<file>', 'for example shop/cache.js')
    .action(async (file: string, _: unknown, command: Command) => {
      const options = optionsOf(command);
      const { openOwnLab } = await import('./lab-context.js');
      const { resetWorkspaceFile } = await import('../lab/workspace/workspace.js');
      const lab = await openOwnLab(options);
      const kept = resetWorkspaceFile(lab.home, file, await lab.places(lab.stage() ?? 'caching'));
      const path = lab.runtime.workspacePath(file);
      if (options.json) return sayJson({ file: path, kept: kept ?? null });
      say(`${path} is as the course gave it.`);
      if (kept !== undefined) say(`What you had written is kept as ${kept}`);
    });
}
