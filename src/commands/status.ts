import type { Command } from 'commander';
import { type CheckpointUsage, checkpointUsage, usageSentence } from '../lab/checkpoint/usage.js';
import type { Lab } from '../lab/lab.js';
import type { RuntimeKind, ServiceStatus } from '../lab/runtime.js';
import { openOwnLab } from './lab-context.js';
import { optionsOf } from './options.js';
import { say, sayJson } from './output/output.js';
import { table } from './output/table.js';

/** The document of `status --json`. `stage` is null where no stage is up. */
export interface StatusDocument {
  readonly stage: string | null;
  readonly runtime: RuntimeKind;
  readonly services: readonly ServiceStatus[];
  readonly checkpoints: CheckpointUsage;
}

export async function statusOf(lab: Lab): Promise<StatusDocument> {
  return {
    stage: lab.stage() ?? null,
    runtime: lab.runtime.kind,
    services: await lab.runtime.services(),
    checkpoints: checkpointUsage(lab.home),
  };
}

export function statusCommand(command: Command): Command {
  return command.action(async (_: unknown, command: Command) => {
    const options = optionsOf(command);
    const lab = await openOwnLab(options);
    const status = await statusOf(lab);
    if (options.json) return sayJson(status);
    const kept = status.checkpoints.count > 0 ? `Kept: ${usageSentence(status.checkpoints)}` : undefined;
    if (!status.stage) {
      say('No stage is up. Begin with: mongo-scale-course up');
      if (kept !== undefined) say(kept);
      return;
    }
    say(`Stage ${status.stage} on the ${status.runtime} runtime`);
    const rows = status.services.map((service) => [
      service.name,
      service.state,
      service.address,
      service.runs ?? service.program,
      service.detail ?? '',
    ]);
    for (const line of table(rows)) say(`  ${line.trimEnd()}`);
    const shop = status.services.find(({ program, state }) => program === 'node' && state === 'running');
    if (shop) say(`The shop opens in a browser: http://${shop.address}/docs`);
    const ended = status.services.filter(({ state }) => state === 'dead' || state === 'stopped');
    if (ended.length > 0) say('Start what is down: mongo-scale-course up');
    if (kept !== undefined) say(kept);
  });
}
