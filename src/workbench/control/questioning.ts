import { readNumber } from '../../grading/parse-number.js';
import type { Question } from '../../lesson/lesson.js';
import type { Overlay } from '../state/state.js';
import type { Store } from '../state/store.js';
import type { Movement } from './movement.js';
import { printable } from './printable.js';
import type { Requests } from './requests.js';

type QuestionOverlay = Extract<Overlay, { kind: 'question' }>;

export interface Questioning {
  /** Puts the first question that has no answer; where all have one, the first again. */
  ask(): void;
  choose(movement: Movement): void;
  type(text: string): void;
  erase(): void;
  submit(): void;
}

/** The prompt in which a question of the lesson is answered. */
export function createQuestioning({ getState, dispatch }: Store, requests: Requests): Questioning {
  const change = (with_: (overlay: QuestionOverlay, question: Question) => QuestionOverlay): void => {
    const { overlay, view } = getState();
    if (overlay?.kind !== 'question') return;
    const question = view?.lesson.questions[overlay.index]?.question;
    if (question !== undefined) dispatch({ type: 'overlay-opened', overlay: with_(overlay, question) });
  };

  return {
    ask() {
      const questions = getState().view?.lesson.questions ?? [];
      if (questions.length === 0) return;
      const open = questions.findIndex((entry) => entry.answer === undefined);
      dispatch({
        type: 'overlay-opened',
        overlay: { kind: 'question', index: Math.max(0, open), option: 0, draft: '' },
      });
    },
    choose: (movement) =>
      change((overlay, question) => {
        if (question.kind !== 'choice') return overlay;
        const step = movement === 'up' ? -1 : 1;
        const option = Math.max(0, Math.min(question.options.length - 1, overlay.option + step));
        return { ...overlay, option };
      }),
    type: (text) =>
      change((overlay) => ({
        ...overlay,
        draft: (overlay.draft + printable(text)).slice(0, 20),
        complaint: undefined,
      })),
    erase: () =>
      change((overlay) => ({ ...overlay, draft: overlay.draft.slice(0, -1), complaint: undefined })),
    submit() {
      const { overlay, view } = getState();
      if (overlay?.kind !== 'question') return;
      const question = view?.lesson.questions[overlay.index]?.question;
      if (question === undefined) return;
      if (question.kind === 'choice') {
        requests.answer(question.id, question.options[overlay.option] ?? '');
        return;
      }
      const value = readNumber(overlay.draft, question.unit);
      if (value === undefined)
        change((open) => ({ ...open, complaint: 'A number is asked for, in digits alone, like 12 or 0.5.' }));
      else requests.answer(question.id, value);
    },
  };
}
