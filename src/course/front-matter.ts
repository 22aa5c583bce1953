/** A text file of the course: its title, and the markdown below it. */
export interface TitledText {
  readonly title: string;
  readonly markdown: string;
}

const frontMatter = /^---\ntitle: (?<title>.+)\n---\n(?<markdown>[\s\S]*)$/;

/**
 * Splits a text into its title and its markdown. The front matter is one line, `title: …`, so that listing the
 * whole course needs no YAML parser. Returns undefined where the file does not begin like that.
 */
export function readTitledText(source: string): TitledText | undefined {
  const groups = frontMatter.exec(source.replaceAll('\r\n', '\n'))?.groups;
  if (!groups) return undefined;
  return { title: groups.title?.trim() ?? '', markdown: groups.markdown ?? '' };
}
