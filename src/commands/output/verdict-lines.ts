import type { LessonId } from '../../course/types.js';
import { figureText } from '../../grading/figure.js';
import type { CheckVerdict, Figure, LessonVerdict, VerdictState } from '../../grading/verdict.js';
import { ExitCode } from '../../problem.js';
import { paint } from './output.js';

const marks: Record<
  VerdictState,
  { glyph: string; word: string; style: 'green' | 'yellow' | 'red' | 'magenta' }
> = {
  pass: { glyph: '✔', word: 'passed', style: 'green' },
  pending: { glyph: '○', word: 'not yet', style: 'yellow' },
  wrong: { glyph: '✗', word: 'a mistake', style: 'red' },
  error: { glyph: '!', word: 'the course failed to look', style: 'magenta' },
};

/** A lesson's verdict as lines of text: each check with what was seen, what is wanted, what went wrong. */
export function verdictLines(verdict: LessonVerdict): string[] {
  if (verdict.skipped !== undefined) return [`– skipped on this machine: ${verdict.skipped}`];
  return [
    ...verdict.checks.flatMap(checkLines),
    ...verdict.measured.flatMap((figure) => figureLines(figure, verdict.lesson)),
  ];
}

/** One measurement, beside its prediction. */
export function figureLines(figure: Figure, lesson: LessonId): string[] {
  const lines = [`${paint('cyan', '≈ measured')}  ${figure.title}: ${figureText(figure)}`];
  if (figure.state !== 'unpredicted') return lines;
  return [...lines, `    mongo-scale-course answer ${lesson} ${figure.id} VALUE`];
}

/** Of a lesson that this machine cannot do it is the environment's. */
export function exitCodeOf({ passed, skipped }: LessonVerdict): ExitCode {
  if (skipped !== undefined) return ExitCode.environment;
  return passed ? ExitCode.ok : ExitCode.notPassed;
}

/** One check as lines of text. */
export function checkLines(check: CheckVerdict): string[] {
  const { glyph, word, style } = marks[check.state];
  const lines = [`${paint(style, `${glyph} ${word}`)}  ${check.title}`];
  if (check.state === 'pass') return [...lines, `    seen: ${check.observed}`];
  lines.push(`    seen:   ${check.observed}`);
  if (check.expected) lines.push(`    wanted: ${check.expected}`);
  if (check.explanation) lines.push(...indent(check.explanation));
  if (check.reproduce) {
    const { service, shell } = check.reproduceAt ?? { service: check.at, shell: 'own' };
    const where = shell === 'system' ? `${service}, in a system shell` : service;
    lines.push(`    see it yourself on ${where}:`, ...indent(check.reproduce, '      '));
  }
  return lines;
}

function indent(text: string, by = '    '): string[] {
  return text.split('\n').map((line) => (line === '' ? '' : by + line));
}
