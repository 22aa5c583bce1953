import type { Command } from 'commander';
import { findTerms, loadGlossary } from '../course/glossary.js';
import { optionsOf } from './options.js';
import { paint, say, sayJson } from './output/output.js';

export function glossaryCommand(command: Command): Command {
  return command
    .argument('[word]', 'one of them, or a part of it; default: all')
    .action(async (word: string | undefined, _: unknown, command: Command) => {
      const all = await loadGlossary();
      const terms = word === undefined ? all : findTerms(all, word);
      if (optionsOf(command).json) return sayJson({ terms });
      for (const { word: term, meaning, explained } of terms) {
        say(paint('bold', term));
        for (const line of meaning.split('\n')) say(`  ${line}`);
        say(paint('dim', `  explained in ${explained}`));
        say();
      }
    });
}
