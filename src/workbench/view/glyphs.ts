import type { LessonState } from '../../course/progress.js';
import type { VerdictState } from '../../grading/verdict.js';
import type { ServiceState } from '../../lab/runtime.js';
import { type Theme, theme } from '../theme.js';

/** A state as it is shown: never by its colour alone. Each glyph is one cell wide. */
interface Mark {
  readonly glyph: string;
  readonly word: string;
  readonly style: Theme[keyof Theme];
}

export const verdictMarks: Readonly<Record<VerdictState, Mark>> = {
  pass: { glyph: '✓', word: 'passed', style: theme.pass },
  pending: { glyph: '○', word: 'not yet', style: theme.pending },
  wrong: { glyph: '✗', word: 'wrong', style: theme.wrong },
  error: { glyph: '!', word: 'course error', style: theme.error },
};

export const serviceMarks: Readonly<Record<ServiceState, Mark>> = {
  running: { glyph: '●', word: 'running', style: theme.pass },
  starting: { glyph: '◌', word: 'starting', style: theme.pending },
  paused: { glyph: '‖', word: 'paused', style: theme.pending },
  stopped: { glyph: '■', word: 'stopped', style: theme.dim },
  dead: { glyph: '✗', word: 'dead', style: theme.wrong },
  absent: { glyph: '·', word: 'absent', style: theme.dim },
};

export const lessonMarks: Readonly<Record<LessonState, Mark>> = {
  passed: { glyph: '✓', word: 'passed', style: theme.pass },
  started: { glyph: '◐', word: 'started', style: theme.pending },
  skipped: { glyph: '–', word: 'skipped', style: theme.dim },
  new: { glyph: '·', word: '', style: theme.dim },
};
