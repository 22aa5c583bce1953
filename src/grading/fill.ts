import type { LessonText } from '../course/types.js';
import type { Places } from '../lab/places.js';
import { Problem } from '../problem.js';

/**
 * Replaces `{{address router1}}`, `{{peer shard1a}}` and `{{course load-shop.js}}` by what they are on this lab.
 * Throws `unknown-placeholder`: a fault of the lesson.
 */
export function fill(text: string, places: Places): string {
  return text.replaceAll(/\{\{(\w+) ([^}]+)\}\}/g, (whole, word: string, name: string) => {
    if (word === 'address') return places.address(name);
    if (word === 'peer') return places.peerAddress(name);
    if (word === 'course') return places.coursePath(name);
    throw new Problem('unknown-placeholder', `A lesson says ${whole}, which means nothing to the course.`);
  });
}

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
