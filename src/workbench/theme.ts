import chalk from 'chalk';

type Style = (text: string) => string;

/**
 * What a text stands for, not how it looks. Only the 16 colours that the learner's own terminal theme defines.
 * With NO_COLOR every style is the text itself: no state is told by a style alone.
 */
export interface Theme {
  readonly dim: Style;
  readonly strong: Style;
  readonly border: Style;
  /** The pane or the row that keys go to. */
  readonly focus: Style;
  readonly heading: Style;
  readonly code: Style;
  readonly link: Style;
  readonly pass: Style;
  readonly pending: Style;
  readonly wrong: Style;
  readonly error: Style;
  /** What has just changed. */
  readonly flash: Style;
}

export const theme: Theme = {
  dim: chalk.dim,
  strong: chalk.bold,
  border: chalk.dim,
  focus: chalk.cyan,
  heading: chalk.bold.cyan,
  code: chalk.yellow,
  link: chalk.underline,
  pass: chalk.green,
  pending: chalk.yellow,
  wrong: chalk.red,
  error: chalk.magenta,
  flash: chalk.inverse,
};
