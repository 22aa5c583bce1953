import { type Document, LineCounter, parseDocument, visit, type YAMLParseError } from 'yaml';
import { type KeyPath, keyAt, offsetOf } from './compose-place.js';
import { structureFaults } from './compose-structure.js';

/** What is wrong at one place of the text. */
export interface YamlFault {
  readonly line: number;
  readonly path: KeyPath;
  readonly message: string;
}

/** A text read as YAML: its values, with anchors and merges resolved, or what keeps it from having some. */
export type YamlFile =
  | { readonly faults: readonly YamlFault[] }
  | { readonly content: unknown; lineOf(path: KeyPath): number };

/**
 * Reads a text as one YAML document. Throws nothing: whatever the library refuses, warns of or fails at is a fault,
 * with its line and key.
 */
export function readYaml(text: string): YamlFile {
  if (text.includes('\0')) return only({ line: 1, path: [], message: 'not a text in UTF-8; save it as one' });
  const lines = new LineCounter();
  const lineAt = (offset: number): number => Math.max(1, lines.linePos(offset).line);
  let document: Document;
  try {
    document = parseDocument(text, {
      merge: true,
      lineCounter: lines,
      // Not 'silent', which would hide a second document; 'warn' would print beside the screen.
      logLevel: 'error',
      prettyErrors: false,
    });
  } catch (cause) {
    return only({ line: 1, path: [], message: `cannot be read as YAML: ${messageOf(cause)}` });
  }
  const [first] = document.errors;
  if (first) return only(syntaxFault(first));

  const structure = structureFaults(document).map(({ offset, ...fault }) => ({
    ...fault,
    line: lineAt(offset),
  }));
  const faults = [
    ...structure,
    ...document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED').map(syntaxFault),
  ];
  if (faults.length > 0) return { faults };

  const lineOf = (path: KeyPath): number => lineAt(offsetOf(document, path));
  try {
    return { content: document.toJS(), lineOf };
  } catch (cause) {
    return only(valueFault(cause));
  }

  function syntaxFault({ code, message, pos }: Pick<YAMLParseError, 'code' | 'message' | 'pos'>): YamlFault {
    return {
      line: lineAt(pos[0]),
      path: keyAt(document, pos[0]),
      message: sentences[code] ?? `not YAML: ${message}`,
    };
  }

  /** With the structure sound, it is the number of aliases that the library does not follow. */
  function valueFault(cause: unknown): YamlFault {
    let last = 0;
    visit(document, {
      Alias: (_, alias) => {
        last = alias.range?.[0] ?? last;
      },
    });
    const excessive = /alias count/i.test(messageOf(cause));
    const message = excessive
      ? 'anchors that hold aliases of other anchors multiply here to more than the course reads; write out some of them'
      : `has no value: ${messageOf(cause)}`;
    return { line: lineAt(last), path: keyAt(document, last), message };
  }
}

/** In the course's words; for the rest the library's are plain enough. */
const sentences: Partial<Record<YAMLParseError['code'], string>> = {
  BAD_INDENT: 'indented unlike its neighbors: keys that belong together begin in the same column',
  BLOCK_AS_IMPLICIT_KEY:
    'a second "key:" on one line, or a key indented deeper than the one above it, which has a value already',
  DUPLICATE_KEY: 'this key is there twice; keep one of them',
  MULTILINE_IMPLICIT_KEY: 'not of the form "key: value": a colon is missing, or the indentation is wrong',
  MULTIPLE_DOCS:
    'a second document begins here, after a line "---" or "..."; a compose file is one: remove that line',
  TAB_AS_INDENT: 'indented with a tab; YAML allows only spaces there',
};

function only(fault: YamlFault): YamlFile {
  return { faults: [fault] };
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}
