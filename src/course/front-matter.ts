/** A text file of the course: its title, and the markdown below it. */
export interface TitledText {
  readonly title: string;
  /** Of a stage: the names of its lessons' folders, in the order in which they are taught. */
  readonly lessons?: readonly string[] | undefined;
  readonly markdown: string;
}

const frontMatter =
  /^---\ntitle: (?<title>.+)\n(?:lessons:\n(?<lessons>(?: {2}- \S+\n)+))?---\n(?<markdown>[\s\S]*)$/;

/**
 * Splits a text into its title, its list of lessons and its markdown. The front matter is `title: …` and, of a stage,
 * `lessons:` with one line `  - NAME` each, so that listing the whole course needs no YAML parser. Returns undefined
 * where the file does not begin like that.
 */
export function readTitledText(source: string): TitledText | undefined {
  const groups = frontMatter.exec(source.replaceAll('\r\n', '\n'))?.groups;
  if (!groups) return undefined;
  const lessons = groups.lessons
    ?.trimEnd()
    .split('\n')
    .map((line) => line.replace('  - ', ''));
  return { title: groups.title?.trim() ?? '', lessons, markdown: groups.markdown ?? '' };
}
