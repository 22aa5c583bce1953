import { undoEffect } from '../../replay/route-words.js';
import type { TrafficOptions } from '../../shop/traffic/settings.js';
import type { QuestionEntry } from '../course-session.js';
import type { KeyContext } from '../keys/binding.js';
import { bindingsIn, keyLabel } from '../keys/match.js';
import type { Confirmable, Overlay, Trouble } from '../state/state.js';
import { fit } from '../text/columns.js';
import type { MarkdownRenderer } from '../text/markdown.js';
import { wrapText } from '../text/wrap.js';
import { theme } from '../theme.js';
import { faultEffects, faultTitle } from './fault-lines.js';
import { trafficEffects, trafficTitle } from './traffic-line.js';

/** The keys of a screen, from the key table. */
export function helpLines(context: KeyContext, width: number): readonly string[] {
  const rows = bindingsIn(context).map((binding) => ({
    keys: binding.keys.map(keyLabel).join(' '),
    does: binding.does,
  }));
  const keysWidth = Math.max(...rows.map((row) => row.keys.length));
  return rows.flatMap(({ keys, does }) =>
    wrapText(does, width - keysWidth - 2).map(
      (line, index) => `${theme.strong(fit(index === 0 ? keys : '', keysWidth))}  ${line}`,
    ),
  );
}

export function troubleLines(trouble: Trouble, width: number): readonly string[] {
  const remedy = trouble.remedy === undefined ? [] : ['', ...wrapText(trouble.remedy, width)];
  return [...wrapText(trouble.message, width), ...remedy];
}

/** What a request would meet. */
interface Circumstances {
  /** The title of the work that is under way; '' where there is none. */
  readonly work: string;
  /** The customers of the open lesson. */
  readonly traffic: TrafficOptions | undefined;
}

export function confirmTitle(what: Confirmable): string {
  switch (what.kind) {
    case 'quit':
      return 'Quit?';
    case 'goto':
      return `Start ${what.lesson} anew?`;
    case 'undo':
      return `Undo ${what.lesson}?`;
    case 'fault':
      return `${faultTitle(what.fault, what.service)}?`;
    case 'traffic':
      return `${trafficTitle(what.act)}?`;
  }
}

export function confirmLines(
  what: Confirmable,
  circumstances: Circumstances,
  width: number,
): readonly string[] {
  return wrapText(
    `${whatHappens(what, circumstances)}\n\n${theme.strong('y')} does it, ${theme.strong('Esc')} does not.`,
    width,
  );
}

function whatHappens(what: Confirmable, { work, traffic }: Circumstances): string {
  switch (what.kind) {
    case 'quit':
      return `"${work}" is under way. If you quit now it is broken off; what is up stays up.`;
    case 'goto':
      return 'The lab is brought to the start of this lesson: the course types the solutions of the lessons before it, for real. A lab that cannot be led there is emptied first, with all that is in it; your progress is kept.';
    case 'undo':
      return undoEffect;
    case 'fault':
      return faultEffects[what.fault];
    case 'traffic':
      return trafficEffects(what.act, traffic);
  }
}

/** A question with its options or its input line. */
export function questionPromptLines(
  entry: QuestionEntry,
  overlay: Extract<Overlay, { kind: 'question' }>,
  width: number,
  markdown: MarkdownRenderer,
): readonly string[] {
  const { question } = entry;
  const input =
    question.kind === 'choice'
      ? question.options.flatMap((option, index) => {
          const chosen = index === overlay.option;
          return wrapText(`${chosen ? '›' : ' '} ${option}`, width).map((line) =>
            chosen ? theme.focus(line) : line,
          );
        })
      : [`${theme.focus('›')} ${overlay.draft}${theme.focus('▏')} ${theme.dim(question.unit)}`];
  const complaint =
    overlay.complaint === undefined ? [] : ['', ...wrapText(theme.wrong(overlay.complaint), width)];
  return [...markdown(entry.wording, width), '', ...input, ...complaint];
}
