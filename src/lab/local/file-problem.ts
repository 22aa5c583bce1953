import { Problem } from '../../problem.js';

/** An error of the file system as a person's problem: `disk-full`, `home-not-writable`; any other is returned as it is. */
export function fileProblem(cause: unknown, path: string): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  if (['ENOSPC', 'EDQUOT'].includes(code)) {
    return new Problem('disk-full', `There is no space left on the disk (or in the quota) for ${path}.`, {
      remedy:
        'Free some space, or choose folders on another disk: --home FOLDER for the lab, MSC_CACHE=FOLDER for programs.',
      cause,
    });
  }
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return new Problem('home-not-writable', `The course cannot write ${path}: ${code}.`, {
      remedy: 'Choose folders you own: --home FOLDER for the lab, MSC_CACHE=FOLDER for programs.',
      cause,
    });
  }
  return cause;
}
