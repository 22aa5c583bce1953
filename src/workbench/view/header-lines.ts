import { liveNodes } from '../state/selectors.js';
import { type PaneId, panes, type WorkbenchState } from '../state/state.js';
import { spread } from '../text/columns.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { workTitle } from './work-lines.js';

/** Where the learner is, and what the lab is doing. */
export function headerLine(state: WorkbenchState, width: number): string {
  const { busy, demo, demoOver } = state;
  const right =
    demo !== undefined
      ? demoText(demo)
      : busy !== undefined
        ? theme.pending(`${busy} …`)
        : demoOver !== undefined
          ? theme.focus(demoOver)
          : theme.dim(standing(state));
  return spread(` ${theme.heading('mongo-scale-course')}  ${whereText(state)}`, `${right} `, width);
}

/** What the course does at its own keyboard: typing is to be seen below, all else is told here. */
function demoText({ line, paused }: NonNullable<WorkbenchState['demo']>): string {
  return paused ? theme.pending('demo on hold') : `${theme.focus('demo')} ${line}`;
}

/** `sharding: 4 of 5 running` */
function standing({ lab, snapshot }: WorkbenchState): string {
  if (lab?.stage === undefined) return 'nothing runs';
  return snapshot === undefined
    ? lab.stage
    : `${lab.stage}: ${liveNodes(snapshot)} of ${snapshot.nodes.length} running`;
}

function whereText({ screen, view, stages, work }: WorkbenchState): string {
  if (screen === 'work' && work !== undefined) return workTitle(work.target);
  if (screen !== 'lesson' || view === undefined) return 'Lessons';
  const stage = stages.find((entry) => entry.id === view.lesson.stage);
  return `${stage?.title ?? view.lesson.stage} › ${view.lesson.text.title}`;
}

/** The panes by number; the one that is seen is in brackets. */
export function tabsLine(state: WorkbenchState): string {
  return ` ${tabLabels(state)
    .map((label, index) =>
      panes[index] === state.pane ? theme.focus(`[${label}]`) : ` ${theme.dim(label)} `,
    )
    .join(' ')}`;
}

/** The pane whose tab is on a column (from 0) of the line of tabs. */
export function tabAt(state: WorkbenchState, column: number): PaneId | undefined {
  let start = 1;
  for (const [index, label] of tabLabels(state).entries()) {
    const end = start + label.length + 2;
    if (column >= start && column < end) return panes[index];
    start = end + 1;
  }
  return undefined;
}

function tabLabels(state: WorkbenchState): readonly string[] {
  const { view } = state;
  const passed = view?.verdicts.filter((verdict) => verdict.state === 'pass').length ?? 0;
  const names: Readonly<Record<PaneId, string>> = {
    lesson: 'Lesson',
    checks: `Checks ${passed}/${view?.lesson.checks.length ?? 0}`,
    lab: `Lab ${state.snapshot?.nodes.length ?? 0}`,
    shell: 'Shell',
  };
  return panes.map((pane, index) => `${index + 1} ${names[pane]}`);
}

/** A notice over at most three lines; none without one. */
export function noticeLines({ notice }: WorkbenchState, width: number): readonly string[] {
  if (notice === undefined) return [];
  const text = notice.remedy === undefined ? notice.message : `${notice.message} ${notice.remedy}`;
  return wrapText(`! ${text}`, width - 2)
    .slice(0, 3)
    .map((line) => ` ${theme.pending(line)}`);
}
