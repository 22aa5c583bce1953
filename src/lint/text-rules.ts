import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { marked, type Tokens } from 'marked';
import { numberedBlocks } from '../course/types.js';
import {
  blocksOf,
  fileLanguages,
  type LessonSource,
  type LintFinding,
  placeOf,
  typedLanguages,
  withoutSpaces,
} from './source.js';

/** The shells of servers, which solutions type into; commands of the course itself are steps of their own. */
const shellLanguages = ['js', 'redis'];
/** Columns that code may take: it is never wrapped, and a terminal of 80 has a frame. */
const widestCode = 78;

/** What can be said of one lesson's text by itself and against its plan. `root`: the folder of the course. */
export function lintText(lesson: LessonSource, root: string): readonly LintFinding[] {
  return [
    ...wordsWithoutUse(lesson),
    ...notShown(lesson),
    ...notRun(lesson),
    ...codeThatBreaks(lesson),
    ...tooManyBlocks(lesson),
    ...noWayOut(lesson),
    ...deadLinks(lesson, root),
  ];
}

/** Explanations and questions that the plan knows nothing of: left over, or misspelt. */
function wordsWithoutUse({ file, source, text, plan }: LessonSource): LintFinding[] {
  const planned = (entries: readonly { id: string }[]): Set<string> => new Set(entries.map(({ id }) => id));
  const mistakes = planned(plan.mistakes);
  const questions = planned(plan.questions);
  const unknown = [
    ...[...text.mistakes.keys()].filter((id) => !mistakes.has(id)),
    ...[...text.questions.keys()].filter((id) => !questions.has(id)),
  ];
  return unknown.map((id) => ({
    where: placeOf(file, source, `{#${id}}`),
    rule: 'unknown-id',
    message: `explains {#${id}}, and lesson.ts has neither a mistake nor a question of that id`,
  }));
}

/** A learner can do only what he is shown: every line and command of the solution stands in the text. */
function notShown({ file, source, plan }: LessonSource): LintFinding[] {
  const shown = withoutSpaces(blocksOf(source, typedLanguages).join('\n'));
  const missing = plan.solution.flatMap((step): string[] => {
    if (step.kind === 'shell') {
      return step.lines.split('\n').filter((line) => !shown.includes(withoutSpaces(line)));
    }
    const command =
      step.kind === 'traffic'
        ? `traffic ${step.action}`
        : step.kind === 'exam'
          ? 'exam start'
          : step.kind === 'fault'
            ? `fault ${step.fault}${typeof step.service === 'string' ? ` ${step.service}` : ''}`
            : step.kind === 'up'
              ? 'mongo-scale-course up'
              : '';
    return source.includes(command) ? [] : [command];
  });
  return missing.map((line) => ({
    where: file,
    rule: 'solution-not-shown',
    message: `the solution types "${line.trim()}", and the text never shows it`,
  }));
}

/** What stands under "Do" is what a learner will type, so the tests have to have typed it too. */
function notRun({ file, source, text, plan }: LessonSource): LintFinding[] {
  const typed = withoutSpaces(
    plan.solution.flatMap((step) => (step.kind === 'shell' ? [step.lines] : [])).join('\n'),
  );
  return (
    blocksOf(section(text.body, 'Do', source), shellLanguages)
      // An ellipsis is for the learner to fill in.
      .filter((block) => !block.includes('…'))
      .filter((block) => !statements(block).every((statement) => typed.includes(withoutSpaces(statement))))
      .map((block) => ({
        where: placeOf(file, source, (block.split('\n')[0] ?? '').trim()),
        rule: 'code-not-run',
        message: 'a code block under {#do} is not part of the solution, so no test has run it',
      }))
  );
}

function codeThatBreaks({ file, source }: LessonSource): LintFinding[] {
  const lines = (languages: readonly string[]): string[] =>
    blocksOf(source, languages).flatMap((block) => block.split('\n'));
  const finding = (line: string, rule: string, message: string): LintFinding => ({
    where: placeOf(file, source, line.trim()),
    rule,
    message,
  });
  return [
    // A shell takes a line that could end a statement as its end, so a pasted chain would break in two.
    ...lines(shellLanguages)
      .filter((line) => /^\s*\./.test(line))
      .map((line) =>
        finding(line, 'broken-chain', 'a line begins with a dot: pasted into a shell it breaks off'),
      ),
    ...lines([...typedLanguages, ...fileLanguages])
      .filter((line) => line.length > widestCode)
      .map((line) => finding(line, 'code-too-wide', `code is wider than ${widestCode} columns`)),
  ];
}

/** A block without a number could only be copied by hand. */
function tooManyBlocks({ file, text }: LessonSource): LintFinding[] {
  const parts = [text.body, ...text.hints, text.debrief];
  const count = parts.flatMap((part) => blocksOf(part, typedLanguages)).length;
  if (count <= numberedBlocks) return [];
  const message = `has ${count} code blocks for a shell: the workbench numbers ${numberedBlocks}, one key each`;
  return [{ where: file, rule: 'too-many-code-blocks', message }];
}

/** An explained mistake that does not say what to do now is only a reproach. */
function noWayOut({ file, source, text }: LessonSource): LintFinding[] {
  return [...text.mistakes]
    .filter(
      ([, { text: explanation }]) =>
        !/```(js|redis|sh|mjs|yaml|json|nginx)|\*\*\w+\*\*|answer|`(fault|traffic|reset) /i.test(explanation),
    )
    .map(([id]) => ({
      where: placeOf(file, source, `{#${id}}`),
      rule: 'no-way-out',
      message: `the mistake {#${id}} is explained, but not what to do now`,
    }));
}

function deadLinks({ file, source }: LessonSource, root: string): LintFinding[] {
  const links: string[] = [];
  marked.walkTokens(marked.lexer(source), (token) => {
    if (token.type === 'link') links.push((token as Tokens.Link).href);
  });
  return links
    .filter(
      (href) => !/^[a-z]+:/.test(href) && !existsSync(join(root, dirname(file), href.replace(/#.*$/, ''))),
    )
    .map((href) => ({
      where: placeOf(file, source, href),
      rule: 'dead-link',
      message: `links to ${href}, which is not there`,
    }));
}

/** The part of the text under the heading whose id is `{#do}`, whatever it is called in this language. */
function section(body: string, fallback: string, source: string): string {
  const title = /^## (?<title>.+?)\s*\{#do\}$/m.exec(source)?.groups?.title ?? fallback;
  const from = body.indexOf(`## ${title}\n`);
  const rest = body.slice(from + 1);
  const to = rest.search(/^## /m);
  return to < 0 ? rest : rest.slice(0, to);
}

/** The statements of a block, by blank lines and by lines that begin at its left edge. */
function statements(block: string): readonly string[] {
  return block.split(/\n(?=[^\s)\]}])/);
}
