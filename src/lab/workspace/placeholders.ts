import { Problem } from '../../problem.js';
import type { Places } from '../addresses.js';

/**
 * Replaces `{{address router1}}`, `{{peer shard1a}}`, `{{host redis2}}` (the same without its port), `{{course load-shop.js}}` and `{{workspace shop/cache.js}}` by
 * what they are on this lab. Throws `unknown-placeholder`: a fault of the lesson.
 */
export function fill(text: string, places: Places): string {
  return text.replaceAll(/\{\{(\w+) ([^}]+)\}\}/g, (whole, word: string, name: string) => {
    if (word === 'address') return places.address(name);
    if (word === 'peer') return places.peerAddress(name);
    if (word === 'host') return places.peerAddress(name).replace(/:\d+$/, '');
    if (word === 'course') return places.coursePath(name);
    if (word === 'workspace') return places.workspacePath(name);
    throw new Problem('unknown-placeholder', `A lesson says ${whole}, which means nothing to the course.`);
  });
}
