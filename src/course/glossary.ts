import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { usageProblem } from '../problem.js';
import { ownCourse } from './catalog.js';
import { nearest } from './nearest.js';

/** A word of the field, as the course uses it. */
export interface Term {
  readonly word: string;
  /** Other forms a text may use it in: "shards", "sharded". */
  readonly forms: readonly string[];
  /** The lesson (or the stage, in its introduction) that explains it. */
  readonly explained: string;
  /** A sentence or two of markdown. */
  readonly meaning: string;
}

/**
 * Reads `glossary.en.md` of a course: a heading a word, `## replica set, replica sets {#sharding/shard-sets}`, whose
 * id is the lesson or stage that explains it. A course without that file has no glossary.
 */
export async function loadGlossary(folder: string = ownCourse.texts): Promise<readonly Term[]> {
  const file = join(folder, 'glossary.en.md');
  if (!existsSync(file)) return [];
  return parseGlossary(await readFile(file, 'utf8'));
}

export function parseGlossary(source: string): readonly Term[] {
  return source
    .replaceAll('\r\n', '\n')
    .split(/^## /m)
    .slice(1)
    .flatMap((entry): Term[] => {
      const [heading = '', ...lines] = entry.split('\n');
      const found = /^(?<words>.+?)\s*\{#(?<explained>[a-z0-9/-]+)\}$/.exec(heading.trim())?.groups;
      if (!found) return [];
      const [word = '', ...forms] = (found.words ?? '').split(',').map((form) => form.trim());
      return [{ word, forms, explained: found.explained ?? '', meaning: lines.join('\n').trim() }];
    });
}

/** Finds a term in prose, as a word of its own, in any of its forms. */
export function glossaryPattern({ word, forms }: Term): RegExp {
  const escaped = [word, ...forms].map((form) =>
    form.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+'),
  );
  return new RegExp(`(?<![\\w-])(?:${escaped.join('|')})(?![\\w-])`, 'i');
}

/**
 * The terms that a word means, in any of its forms and whatever its case; where none is called so, those it is a part
 * of. Throws `unknown-word` with the nearest.
 */
export function findTerms(terms: readonly Term[], word: string): readonly Term[] {
  const wanted = word.trim().toLowerCase();
  const names = ({ word: own, forms }: Term) => [own, ...forms].map((name) => name.toLowerCase());
  const exact = terms.filter((term) => names(term).includes(wanted));
  if (exact.length > 0) return exact;
  const partial = terms.filter((term) => names(term).some((name) => name.includes(wanted)));
  if (partial.length > 0) return partial;
  const words = terms.map((term) => term.word);
  throw usageProblem(
    'unknown-word',
    `The glossary has no "${word}".`,
    `Did you mean ${nearest(wanted, words)}? All words: mongo-scale-course glossary`,
  );
}
