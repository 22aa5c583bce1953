import type { LessonId } from '../../course/types.js';
import type { LabStanding, LessonEntry, StageEntry } from '../course-session.js';
import { spread } from '../text/columns.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { figuresLines } from './figures-lines.js';
import { lessonMarks } from './glyphs.js';

interface CourseLinesOptions {
  readonly stages: readonly StageEntry[];
  readonly cursor: LessonId | undefined;
  /** The lessons to be shown, where not all are. */
  readonly only?: ReadonlySet<LessonId>;
  readonly lab: LabStanding | undefined;
  readonly width: number;
}

/** All stages with their lessons; `cursorLine` is where the cursor is, to be kept in sight. */
export function courseLines({ stages, cursor, only, lab, width }: CourseLinesOptions): {
  lines: readonly string[];
  cursorLine: number;
} {
  const lines: string[] = [];
  let cursorLine = 0;
  stages.forEach((stage, index) => {
    const lessons = stage.lessons.filter(({ id }) => only?.has(id) ?? true);
    if (only !== undefined && lessons.length === 0) return;
    if (lines.length > 0) lines.push('');
    lines.push(stageHeader(stage, index, lab, width));
    for (const lesson of lessons) {
      if (lesson.id === cursor) cursorLine = lines.length;
      lines.push(lessonLine(lesson, lesson.id === cursor, width));
    }
    if (stage.lessons.length === 0) lines.push(theme.dim('    no lessons yet'));
  });
  return { lines, cursorLine };
}

/** The stage that the cursor is in: what it is about, and what to do to have it. */
export function stageLines(
  stage: StageEntry,
  lab: LabStanding | undefined,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const standing =
    lab?.stage === stage.id
      ? `${theme.pass('● up')} on the ${lab.runtime} runtime`
      : `${theme.dim('■ not up.')} ${theme.strong('u')} brings it up.`;
  const measured = stage.lessons.flatMap((lesson) => lesson.measured);
  return [
    ...markdown(stage.introduction, width),
    '',
    ...wrapText(standing, width),
    ...figuresLines(measured, width),
  ];
}

function stageHeader(stage: StageEntry, index: number, lab: LabStanding | undefined, width: number): string {
  const passed = stage.lessons.filter((lesson) => lesson.state === 'passed').length;
  const count = `${passed} of ${stage.lessons.length} passed`;
  const up = lab?.stage === stage.id ? theme.pass('  ● up') : '';
  return spread(theme.heading(`${index + 1}  ${stage.title}`) + up, theme.dim(count), width);
}

function lessonLine(lesson: LessonEntry, chosen: boolean, width: number): string {
  const { glyph, word, style } = lessonMarks[lesson.state];
  const title = chosen ? theme.strong(lesson.title) : lesson.title;
  const minutes = theme.dim(`${lesson.minutes} min`.padStart(7));
  return spread(
    `${chosen ? theme.focus(' ›') : '  '} ${style(glyph)} ${title}`,
    `${style(word)} ${minutes}`,
    width,
  );
}
