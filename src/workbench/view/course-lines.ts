import type { LessonId } from '../../course/types.js';
import type { Snapshot } from '../../lab/observe/snapshot.js';
import type { LabStanding, LessonEntry, StageEntry } from '../course-session.js';
import { allLive, liveNodes } from '../state/selectors.js';
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
  readonly snapshot: Snapshot | undefined;
  readonly width: number;
}

type Standing = Pick<CourseLinesOptions, 'lab' | 'snapshot'>;

/** All stages with their lessons; `cursorLine` is where the cursor is, to be kept in sight. */
export function courseLines({ stages, cursor, only, width, ...standing }: CourseLinesOptions): {
  lines: readonly string[];
  cursorLine: number;
} {
  const lines: string[] = [];
  let cursorLine = 0;
  stages.forEach((stage, index) => {
    const lessons = stage.lessons.filter(({ id }) => only?.has(id) ?? true);
    if (only !== undefined && lessons.length === 0) return;
    if (lines.length > 0) lines.push('');
    lines.push(stageHeader(stage, index, standing, width));
    for (const lesson of lessons) {
      if (lesson.id === cursor) cursorLine = lines.length;
      lines.push(lessonLine(lesson, lesson.id === cursor, width));
    }
    if (stage.lessons.length === 0) lines.push(theme.dim('    no lessons yet'));
  });
  return { lines, cursorLine };
}

/** A stage and how long its lessons take, roughly: `Sharding (75 min)`. */
export function stageTitle({ title, lessons }: StageEntry): string {
  return `${title} (${lessons.reduce((sum, { minutes }) => sum + minutes, 0)} min)`;
}

/** The stage that the cursor is in: what it is about, and what to do to have it. */
export function stageLines(
  stage: StageEntry,
  standing: Standing,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const done = stage.lessons.every(({ state }) => state === 'passed' || state === 'skipped');
  const measured = stage.lessons.flatMap((lesson) => lesson.measured);
  return [
    ...markdown(stage.introduction, width),
    '',
    ...wrapText(standingText(stage, standing), width),
    ...(done ? wrapText(`${theme.pass('✓ Done:')} ${theme.strong('o')} shows the outcome.`, width) : []),
    ...figuresLines(measured, width),
  ];
}

function standingText(stage: StageEntry, { lab, snapshot }: Standing): string {
  const missing = lab?.stage === stage.id && snapshot !== undefined && !allLive(snapshot);
  const bring = `${theme.strong('u')} brings ${missing ? 'up what is missing' : 'it up'}.`;
  if (lab?.stage !== stage.id) return `${theme.dim('■ not up.')} ${bring}`;
  const up = `${upText({ lab, snapshot })} on the ${lab.runtime} runtime`;
  return missing ? `${up}. ${bring}` : up;
}

/** `● up`, or how much of it, of the stage whose services are there. */
function upText({ snapshot }: Standing): string {
  if (snapshot === undefined || allLive(snapshot)) return theme.pass('● up');
  return theme.pending(`◐ ${liveNodes(snapshot)} of ${snapshot.nodes.length} up`);
}

function stageHeader(stage: StageEntry, index: number, standing: Standing, width: number): string {
  const passed = stage.lessons.filter((lesson) => lesson.state === 'passed').length;
  const count = `${passed} of ${stage.lessons.length} passed`;
  const up = standing.lab?.stage === stage.id ? `  ${upText(standing)}` : '';
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
