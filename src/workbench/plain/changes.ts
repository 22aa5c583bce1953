import type { CheckVerdict } from '../../grading/verdict.js';
import type { LessonView, WorkbenchState } from '../state/state.js';
import { checksOverview, checkText, figureLine } from './check-text.js';
import { debriefText } from './lesson-text.js';
import { trafficChanges } from './traffic-text.js';

/** What is to be said by itself when one state became another: notices, checks and services that changed. */
export function changeLines(before: WorkbenchState, after: WorkbenchState, width: number): readonly string[] {
  return [
    ...noticeChanges(before, after),
    ...checkChanges(before, after, width),
    ...serviceChanges(before, after),
    ...trafficChanges(before.traffic, after.traffic),
  ];
}

function noticeChanges(before: WorkbenchState, { notice }: WorkbenchState): readonly string[] {
  if (notice === undefined || notice === before.notice) return [];
  return [`Notice: ${notice.message}`, ...(notice.remedy === undefined ? [] : [notice.remedy])];
}

/** The first look is told in short; after it, each check whose state changed. What is only observed anew is not. */
function checkChanges(before: WorkbenchState, after: WorkbenchState, width: number): readonly string[] {
  const [was, is] = [before.view, after.view];
  const same = is?.verdicts === was?.verdicts && is?.measured === was?.measured;
  if (is === undefined || same || is.verdicts.length === 0) return [];
  const known = was?.lesson === is.lesson && was.verdicts.length > 0 ? was : undefined;
  if (known === undefined) {
    return [...checksOverview(is), ...(is.passed ? ['Passed. Words: debrief, next.'] : [])];
  }
  const changed = is.verdicts.flatMap((verdict, index) =>
    isNews(known.verdicts[index], verdict) ? checkText(is, index, verdict, width) : [],
  );
  return [...changed, ...figureChanges(known, is), ...passing(known, is, width)];
}

function figureChanges(was: LessonView, is: LessonView): readonly string[] {
  const told = new Set(was.measured.map(figureLine));
  return is.measured.map(figureLine).filter((line) => !told.has(line));
}

function passing(was: LessonView, is: LessonView, width: number): readonly string[] {
  return is.passed && !was.passed ? ['Every check is passed.', '', ...debriefText(is, width)] : [];
}

function isNews(was: CheckVerdict | undefined, is: CheckVerdict): boolean {
  return was?.state !== is.state || was.mistake !== is.mistake;
}

function serviceChanges(before: WorkbenchState, after: WorkbenchState): readonly string[] {
  if (after.snapshot === before.snapshot) return [];
  return (after.snapshot?.nodes ?? []).flatMap(({ service, status }) => {
    const was = before.snapshot?.nodes.find((node) => node.service === service)?.status.state;
    return was === undefined || was === status.state
      ? []
      : [`${service} is ${status.state} now; it was ${was}.`];
  });
}
