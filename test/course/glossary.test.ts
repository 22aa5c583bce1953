import { expect, test } from 'vitest';
import { findTerms, loadGlossary } from '../../src/course/glossary.js';

test('a word is found in any form, then as a part of others, else the nearest is named', async () => {
  const terms = await loadGlossary();
  const words = (word: string) => findTerms(terms, word).map((term) => term.word);
  expect(words('Shards')).toEqual(['shard']);
  expect(words('shard')).toEqual(['shard']);
  expect(words('index')).toEqual(['index']);
  expect(words('indexe')).toEqual(['index', 'compound index', 'partial index']);
  expect(() => findTerms(terms, 'reuter')).toThrow('The glossary has no "reuter".');
});

test('no word is in the glossary twice, and each has a meaning', async () => {
  const terms = await loadGlossary();
  const names = terms.flatMap(({ word, forms }) => [word, ...forms]);
  expect(new Set(names).size).toBe(names.length);
  expect(terms.filter(({ meaning }) => meaning === '')).toEqual([]);
});
