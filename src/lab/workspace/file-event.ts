import type { FileEvent } from '../runtime.js';

/** What became of a file of the workspace, in one sentence or two. */
export function fileSentence({ file, became, kept }: FileEvent): string {
  const own = kept === undefined ? '' : ` What you had written is kept as ${kept}`;
  switch (became) {
    case 'restored':
      return `${file} is brought back to where the lesson begins.${own}`;
    case 'solved':
      return `${file} has the course's solution.${own}`;
    case 'renewed':
      return `${file} was the copy of an older version of the course, which you had not changed: it is the newer one now.${own}`;
    case 'outdated':
      return `Your ${file} was made from a copy of an older version of the course, which gives another now. To begin with that (yours is kept beside it): mongo-scale-course reset ${file}`;
  }
}
