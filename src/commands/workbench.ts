import type { CommonOptions } from './options.js';

/** No command given: the workbench. */
export async function openWorkbenchCommand(options: CommonOptions): Promise<void> {
  const { openWorkbench } = await import('../workbench/open.js');
  await openWorkbench(options);
}
