import { rename, writeFile } from 'node:fs/promises';

/**
 * Puts each report in the place of the last, in one step and one after the other. Says `no home` where the folder is
 * gone; any other failure (a full disk) passes: the next report is due in a moment.
 */
export function openReportFile(path: string): (report: unknown) => Promise<'done' | 'no home'> {
  let before: Promise<unknown> = Promise.resolve();
  const draft = `${path}.new`;
  const replace = async (report: unknown): Promise<'done' | 'no home'> => {
    try {
      await writeFile(draft, JSON.stringify(report));
      await rename(draft, path);
      return 'done';
    } catch (cause) {
      return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'no home' : 'done';
    }
  };
  return (report) => {
    const written = before.then(() => replace(report));
    before = written;
    return written;
  };
}
