import type { Snapshot } from '../../lab/observe/snapshot.js';
import type { LessonEntry } from '../course-session.js';
import { allLive, liveNodes } from '../state/selectors.js';
import type { WorkbenchState } from '../state/state.js';
import { matchingLessons } from '../view/search.js';
import { plainWords } from './words.js';

/** All lessons under their stages, or those that a text is found in; the open one is named so. */
export function courseText(
  { stages, view, lab, snapshot }: WorkbenchState,
  search: string,
): readonly string[] {
  const found = new Set(matchingLessons(stages, search));
  const lines = stages.flatMap((stage) => {
    const lessons = stage.lessons.filter(({ id }) => found.has(id));
    if (lessons.length === 0) return [];
    const passed = stage.lessons.filter(({ state }) => state === 'passed').length;
    const up = lab?.stage === stage.id ? `, ${upText(snapshot)}` : '';
    return [
      `Stage ${stage.id}: ${stage.title}. ${passed} of ${stage.lessons.length} passed${up}.`,
      ...lessons.map((lesson) => lessonLine(lesson, lesson.id === view?.lesson.id)),
    ];
  });
  return lines.length > 0 ? lines : [`No lesson has "${search}" in its title or id.`];
}

function upText(snapshot: Snapshot | undefined): string {
  if (snapshot === undefined || allLive(snapshot)) return 'up';
  return `${liveNodes(snapshot)} of ${snapshot.nodes.length} services up`;
}

function lessonLine({ id, title, minutes, state }: LessonEntry, open: boolean): string {
  const standing = [`${minutes} min`, ...(state === 'new' ? [] : [state]), ...(open ? ['open now'] : [])];
  return `  ${id}: ${title} (${standing.join(', ')})`;
}

/** What runs, a line a service. */
export function statusText({ lab, snapshot }: WorkbenchState): readonly string[] {
  if (lab?.stage === undefined) return ['Nothing runs yet. The word up starts the servers of a lesson.'];
  const nodes = snapshot?.nodes ?? [];
  return [
    `Stage ${lab.stage} is up on the ${lab.runtime} runtime.`,
    ...nodes.map(({ service, status, mongo, redis }) => {
      const said = mongo ?? redis;
      const role = said === undefined ? '' : `, ${said.role}`;
      return `  ${service}: ${status.state}${role}, ${status.address}, ${status.runs ?? status.program}`;
    }),
  ];
}

export function helpText(): readonly string[] {
  return plainWords.map(({ command, argument, does }) => {
    const call = argument === undefined ? command : `${command} ${argument}`;
    return `  ${call}: ${does}`;
  });
}
