import type { UpEvent } from '../../lab/runtime.js';
import { fileSentence } from '../../lab/workspace/file-event.js';
import type { Replay, Work, WorkTarget } from '../state/state.js';
import { cut, fit } from '../text/columns.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { troubleLines } from './overlay-lines.js';

/** `Bring up sharding` */
export function workTitle(target: WorkTarget): string {
  if (target.kind === 'up') return `Bring up ${target.stage}`;
  return target.restart ? `Undo ${target.lesson}` : `Go to ${target.lesson}`;
}

/** A line a program, service and replayed lesson, then how it ended. */
export function workLines(work: Work, width: number): readonly string[] {
  const sections: (readonly string[])[] = [];
  const section = (title: string, lines: readonly string[]): void => {
    if (lines.length > 0) sections.push([theme.heading(title), ...lines]);
  };
  if (work.route.length > 0) {
    sections.push(work.route.flatMap((sentence) => wrapText(theme.pending(sentence), width)));
  }
  section(
    'Your files',
    work.files.flatMap((event) => wrapText(fileSentence(event), width - 2).map((line) => `  ${line}`)),
  );
  section(
    'Programs',
    rows(
      work.programs.map((event) => [event.program, programText(event)]),
      width,
    ),
  );
  section(
    'Services',
    rows(
      work.services.map((event) => [event.service, serviceText(event)]),
      width,
    ),
  );
  section(
    'Solutions',
    rows(
      work.replays.map((event) => [event.lesson, replayText(event)]),
      width,
    ),
  );
  sections.push(outcomeLines(work, width));
  return sections.flatMap((lines, index) => (index === 0 ? lines : ['', ...lines]));
}

function rows(entries: readonly (readonly [string, string])[], width: number): readonly string[] {
  const nameWidth = Math.max(...entries.map(([name]) => name.length), 0);
  return entries.map(([name, text]) => cut(`  ${fit(name, nameWidth)}  ${text}`, width));
}

function outcomeLines(work: Work, width: number): readonly string[] {
  switch (work.outcome.kind) {
    case 'running':
      return [theme.dim(`Under way${forSeconds(work)}. Esc cancels.`)];
    case 'cancelling':
      return [theme.pending(`Cancelling${forSeconds(work)}: waits for the step that is under way.`)];
    case 'done':
      return [theme.pass(`✓ ${doneText(work.target)}`), theme.dim('Enter goes on.')];
    case 'cancelled':
      return wrapText(
        `${theme.pending('Cancelled.')} What is up stays up. ${theme.strong('r')} goes on from there.`,
        width,
      );
    case 'failed':
      return [theme.wrong(`✗ ${work.outcome.trouble.title}`), ...troubleLines(work.outcome.trouble, width)];
  }
}

function forSeconds({ seconds }: Work): string {
  return seconds === 0 ? '' : ` for ${seconds} s`;
}

function doneText(target: WorkTarget): string {
  return target.kind === 'up' ? `${target.stage} is up.` : `The lab is at the start of ${target.lesson}.`;
}

function programText(event: Extract<UpEvent, { kind: 'program' }>): string {
  const detail = event.detail === undefined ? '' : theme.dim(`  ${event.detail}`);
  if (event.phase !== 'downloading' || event.received === undefined) return phaseText(event.phase) + detail;
  const amount =
    event.total === undefined
      ? megabytes(event.received)
      : `${megabytes(event.received)} of ${megabytes(event.total)}`;
  return `${bar(event.received, event.total)} ${amount}`;
}

function serviceText(event: Extract<UpEvent, { kind: 'service' }>): string {
  const seconds = event.seconds === undefined ? '' : theme.dim(`  ${event.seconds.toFixed(1)} s`);
  const detail = event.detail === undefined ? '' : theme.dim(`  ${event.detail}`);
  return phaseText(event.phase) + seconds + detail;
}

function replayText(replay: Replay): string {
  const words = { typing: 'typing', passed: 'passed', kept: 'done already', skipped: 'skipped' };
  const line = replay.line === undefined ? '' : theme.dim(`  ${replay.line}`);
  return phaseText(words[replay.phase]) + line;
}

const ended = new Set(['ready', 'unchanged', 'passed', 'done already', 'stopped']);

function phaseText(phase: string): string {
  if (phase === 'failed') return theme.wrong('✗ failed');
  if (phase === 'left out' || phase === 'skipped') return theme.dim(`– ${phase}`);
  return ended.has(phase) ? theme.pass(`✓ ${phase}`) : theme.pending(`… ${phase}`);
}

const barWidth = 20;

function bar(received: number, total: number | undefined): string {
  if (total === undefined || total === 0) return theme.pending('… downloading');
  const full = Math.min(barWidth, Math.floor((received / total) * barWidth));
  return theme.focus('█'.repeat(full)) + theme.dim('░'.repeat(barWidth - full));
}

/** Bytes as `34.2 MB` (10^6). */
function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
