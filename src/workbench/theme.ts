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

export const themeNames = ['dark', 'light'] as const;
/** The background that a theme is made for. */
export type ThemeName = (typeof themeNames)[number];

const dark: Theme = {
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

/** Yellow and cyan, which most terminals show too bright to be read on white, give way to blue and magenta. */
const light: Theme = {
  ...dark,
  focus: chalk.blue,
  heading: chalk.bold.blue,
  code: chalk.blue,
  pending: chalk.magenta,
  error: chalk.bold.magenta,
};

/** Chosen while this module is loaded, by MSC_THEME: other modules keep its styles. */
export const theme: Theme = process.env.MSC_THEME === 'light' ? light : dark;
