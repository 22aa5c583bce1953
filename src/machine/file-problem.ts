import { Problem } from '../problem.js';

/**
 * An error of the file system as a person's problem: `disk-full`, `home-not-writable`, `home-damaged`; any other is
 * returned as it is.
 */
export function fileProblem(cause: unknown, path: string): unknown {
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  if (['ENOSPC', 'EDQUOT'].includes(code)) return diskFull(path, cause);
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return notWritable(path, cause);
  }
  if (['EISDIR', 'ERR_FS_EISDIR', 'ELOOP'].includes(code)) {
    return new Problem('home-damaged', `${path} is not the file that the course keeps there: ${code}.`, {
      remedy: `Move it away and try again, or use another lab with --home FOLDER.`,
      cause,
    });
  }
  return cause;
}

/** The `home-not-writable` problem for a file or folder that the course keeps. */
export function notWritable(path: string, cause: unknown): Problem {
  const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
  const reason = ['EEXIST', 'ENOTDIR'].includes(code) ? 'it is no folder' : code;
  return new Problem('home-not-writable', `The course cannot write ${path}: ${reason}.`, {
    remedy: 'Choose folders you own: --home FOLDER for the lab, MSC_CACHE=FOLDER for programs.',
    cause,
  });
}

/** The `disk-full` problem for something that was being written. */
export function diskFull(what: string, cause: unknown): Problem {
  return new Problem('disk-full', `There is no space left on the disk (or in the quota) for ${what}.`, {
    remedy:
      'Free some space (mongo-scale-course down --purge removes the data of the lab), or choose folders on another disk: --home FOLDER for the lab, MSC_CACHE=FOLDER for programs.',
    cause,
  });
}
