import type { Term } from '../../../src/course/glossary.js';
import type { MistakesOfLesson } from '../../../src/grading/met-mistakes.js';
import type { StageSummary } from '../../../src/grading/summary.js';
import type { CheckVerdict } from '../../../src/grading/verdict.js';
import type { Snapshot } from '../../../src/lab/observe/snapshot.js';
import type { OpenLesson, StageEntry } from '../../../src/workbench/course-session.js';

export const mistakes: readonly MistakesOfLesson[];
export const terms: readonly Term[];
export const summary: StageSummary;
export const stages: readonly StageEntry[];
export const snapshot: Snapshot;
export const addShards: OpenLesson;
/** Verdicts of `addShards` at its start. */
export const pendingVerdicts: readonly CheckVerdict[];
export const wrongVerdicts: readonly CheckVerdict[];
export const passedVerdicts: readonly CheckVerdict[];
