import type { CheckVerdict, LessonVerdict } from '../../grading/verdict.js';
import { checkLines, figureLines, verdictLines } from './verdict-lines.js';

/** What a watcher has to say of look after look. */
export interface WatchLines {
  /** Lines for what this look finds changed; all of it the first time. */
  of(verdict: LessonVerdict): readonly string[];
  /** The next look is told whole again. */
  anew(): void;
}

/**
 * A check is told when its state, its mistake or the words of what is observed are others: under traffic the figures
 * change with every look, and whoever reads would miss what matters. A measurement is told when it says something else.
 */
export function watchLines(): WatchLines {
  const told = new Map<string, string>();
  const isNews = (what: string, now: string): boolean => {
    if (told.get(what) === now) return false;
    told.set(what, now);
    return true;
  };
  return {
    of(verdict) {
      if (verdict.skipped !== undefined) return verdictLines(verdict);
      const checks = verdict.checks.filter((check) => isNews(`check ${check.title}`, standing(check)));
      const figures = verdict.measured
        .map((figure) => ({ id: figure.id, lines: figureLines(figure, verdict.lesson) }))
        .filter(({ id, lines }) => isNews(`measured ${id}`, lines.join('\n')));
      return [...checks.flatMap(checkLines), ...figures.flatMap(({ lines }) => lines)];
    },
    anew: () => told.clear(),
  };
}

/** Whether there is nothing more to watch for: it is passed, or this machine cannot do it. */
export function isOver({ passed, skipped }: LessonVerdict): boolean {
  return passed || skipped !== undefined;
}

/** What is told anew when it changes: of what was observed all but the figures, which change with every look. */
function standing({ state, mistake, observed }: CheckVerdict): string {
  return `${state} ${mistake ?? ''} ${observed.replace(/[\d.,]+/g, '')}`;
}
