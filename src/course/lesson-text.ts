import { marked, type Token, type Tokens } from 'marked';
import { Problem } from '../problem.js';
import { readTitledText } from './front-matter.js';
import type { Language, LessonPlan, LessonText } from './types.js';

/** Sections that a learner reads in order; each is named by the `{#id}` of its heading, in every language. */
const bodySections = ['why', 'idea', 'do', 'look'] as const;

interface Section {
  readonly title: string;
  readonly id: string;
  readonly tokens: readonly Token[];
}

/**
 * Reads a lesson's text and holds it against the lesson's plan: every section there, three hints, and an
 * explanation for every mistake, question and measurement of the plan. Throws `lesson-text-invalid` naming file and fault.
 */
export function parseLessonText(
  source: string,
  { file, language, plan }: { file: string; language: Language; plan: LessonPlan },
): LessonText {
  const titled = readTitledText(source);
  if (!titled) throw invalid(file, 'does not begin with the lines "---", "title: …", "---"');

  const sections = new Map(
    splitByHeading(marked.lexer(titled.markdown), 2, file).map((section) => [section.id, section]),
  );
  const section = (id: string): Section => {
    const found = sections.get(id);
    if (!found) throw invalid(file, `has no section whose heading ends with {#${id}}`);
    return found;
  };
  const mistakes = subsections(sections.get('mistakes'), file);
  const questions = subsections(sections.get('questions'), file);
  const measurements = subsections(sections.get('measurements'), file);
  for (const { id } of plan.mistakes) {
    if (!mistakes.has(id)) throw invalid(file, `does not explain the mistake "${id}" under {#mistakes}`);
  }
  for (const { id } of plan.questions) {
    if (!questions.has(id)) throw invalid(file, `does not word the question "${id}" under {#questions}`);
  }
  for (const { id } of plan.measurements) {
    if (!measurements.has(id))
      throw invalid(file, `does not name the measurement "${id}" under {#measurements}`);
  }

  return {
    language,
    title: titled.title,
    body: bodySections
      .map(section)
      .map(({ title, tokens }) => `## ${title}\n\n${markdown(tokens)}`)
      .join('\n\n'),
    hints: threeHints(section('hints'), file),
    debrief: markdown(section('debrief').tokens),
    mistakes: new Map(
      [...mistakes].map(([id, { title, tokens }]) => [id, { title, text: markdown(tokens) }]),
    ),
    questions: titles(questions),
    measurements: titles(measurements),
  };
}

/** Cuts a token list at the headings of one depth; headings carry their id as `Title {#id}`. */
function splitByHeading(tokens: readonly Token[], depth: number, file: string): Section[] {
  const sections: { title: string; id: string; tokens: Token[] }[] = [];
  for (const token of tokens) {
    if (token.type === 'heading' && token.depth === depth) {
      const heading = /^(?<title>.+?)\s*\{#(?<id>[a-z0-9-]+)\}$/.exec((token as Tokens.Heading).text)?.groups;
      if (!heading)
        throw invalid(file, `has a heading without an id: "${token.raw.trim()}" should end with {#id}`);
      sections.push({ title: heading.title ?? '', id: heading.id ?? '', tokens: [] });
    } else {
      sections.at(-1)?.tokens.push(token);
    }
  }
  return sections;
}

function subsections(section: Section | undefined, file: string): Map<string, Section> {
  return new Map(splitByHeading(section?.tokens ?? [], 3, file).map((sub) => [sub.id, sub]));
}

function titles(sections: ReadonlyMap<string, Section>): Map<string, string> {
  return new Map([...sections].map(([id, { title }]) => [id, title]));
}

function threeHints(section: Section, file: string): [string, string, string] {
  const list = section.tokens.find((token): token is Tokens.List => token.type === 'list');
  const [first, second, third, ...more] = list?.items.map((item) => item.text.trim()) ?? [];
  if (!first || !second || !third || more.length > 0) {
    throw invalid(file, 'must give exactly three hints, as a numbered list under {#hints}');
  }
  return [first, second, third];
}

function markdown(tokens: readonly Token[]): string {
  return tokens
    .map((token) => token.raw)
    .join('')
    .trim();
}

function invalid(file: string, fault: string): Problem {
  return new Problem('lesson-text-invalid', `${file} ${fault}.`);
}
