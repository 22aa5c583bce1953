import type { LessonText } from '../course/types.js';
import type { Places } from '../lab/addresses.js';
import { fill } from '../lab/workspace/placeholders.js';

/** The same text with every placeholder filled in. */
export function fillText(text: LessonText, places: Places): LessonText {
  const say = (part: string): string => fill(part, places);
  const [first, second, third] = text.hints;
  return {
    ...text,
    body: say(text.body),
    hints: [say(first), say(second), say(third)],
    debrief: say(text.debrief),
    mistakes: new Map(
      [...text.mistakes].map(([id, { title, text: explanation }]) => [
        id,
        { title: say(title), text: say(explanation) },
      ]),
    ),
    questions: new Map([...text.questions].map(([id, wording]) => [id, say(wording)])),
  };
}
