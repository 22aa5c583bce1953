import type { LessonId } from '../../course/types.js';
import type { GotoEvent } from '../../replay/goto-event.js';
import type { OpenLesson, SessionEvent } from '../course-session.js';
import type { Size } from '../terminal/screen.js';
import type { ShellEntry, ShellKey } from './shell-key.js';
import type { DocumentPane, Overlay, PaneId, Trouble, WorkbenchState, WorkTarget } from './state.js';

/** What can happen to the shell pane. */
export type ShellAction =
  | { readonly type: 'shells-changed'; readonly entries: readonly ShellEntry[] }
  /** The pane shows this shell, and keys go to it. */
  | { readonly type: 'shell-shown'; readonly shell: ShellKey }
  | { readonly type: 'shell-closed' }
  /** The prefix key: keys go to the lesson again. */
  | { readonly type: 'shell-left' }
  | { readonly type: 'prefix-over' }
  | { readonly type: 'choosing-block'; readonly choosing: boolean }
  | { readonly type: 'shell-zoomed' }
  | { readonly type: 'shell-mode'; readonly mode: 'live' | 'scrolling' };

/** Everything that can happen to the workbench's state. */
export type Action =
  | { readonly type: 'resized'; readonly size: Size }
  | { readonly type: 'session-event'; readonly event: SessionEvent }
  | { readonly type: 'demo'; readonly demo: WorkbenchState['demo'] }
  /** It came to its end; the keys are the learner's again. */
  | { readonly type: 'demo-over'; readonly line: string }
  | { readonly type: 'busy'; readonly what: string | undefined }
  | { readonly type: 'course-shown' }
  | { readonly type: 'lesson-shown' }
  | { readonly type: 'cursor-moved'; readonly lesson: LessonId }
  | { readonly type: 'lesson-opened'; readonly lesson: OpenLesson }
  | { readonly type: 'question-answered'; readonly question: string; readonly value: string }
  | { readonly type: 'pane-chosen'; readonly pane: PaneId }
  | { readonly type: 'scrolled'; readonly pane: DocumentPane; readonly top: number }
  | { readonly type: 'node-chosen'; readonly node: string }
  | { readonly type: 'check-chosen'; readonly check: number }
  | { readonly type: 'details-opened'; readonly service: string }
  | { readonly type: 'details-closed' }
  | { readonly type: 'log-came'; readonly service: string; readonly lines: readonly string[] }
  | { readonly type: 'flash-over' }
  | { readonly type: 'hint-unfolded' }
  | { readonly type: 'overlay-opened'; readonly overlay: Overlay }
  | { readonly type: 'overlay-closed' }
  | ShellAction
  | { readonly type: 'work-started'; readonly target: WorkTarget }
  | { readonly type: 'work-event'; readonly event: GotoEvent }
  | { readonly type: 'work-ticked'; readonly seconds: number }
  | { readonly type: 'work-scrolled'; readonly top: number | undefined }
  | { readonly type: 'work-cancelling' }
  | { readonly type: 'work-done' }
  | { readonly type: 'work-cancelled' }
  | { readonly type: 'work-failed'; readonly trouble: Trouble };
