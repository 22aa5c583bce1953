// What the course uses of marked-terminal 7.3; its own types package describes a marked older than ours.
declare module 'marked-terminal' {
  import type { MarkedExtension } from 'marked';

  type Style = (text: string) => string;

  export function markedTerminal(options: {
    emoji: boolean;
    reflowText: boolean;
    showSectionPrefix: boolean;
    tab: number;
    heading: Style;
    firstHeading: Style;
    strong: Style;
    codespan: Style;
    blockquote: Style;
    hr: Style;
  }): MarkedExtension;
}
