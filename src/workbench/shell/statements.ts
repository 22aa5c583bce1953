const openers = '([{';
const closers = ')]}';

/**
 * Splits a code block into what a shell takes as one input each: lines, together while a bracket, a template or a
 * block comment is open. mongosh shows only the last result of an input, and knows `use` only at its beginning.
 */
export function statementsOf(code: string): readonly string[] {
  const statements: string[] = [];
  let statement: string[] = [];
  let state: LexState = { depth: 0, inside: undefined };
  for (const line of code.split('\n')) {
    if (statement.length === 0 && line.trim() === '') continue;
    statement.push(line.trimEnd());
    state = afterLine(state, line);
    if (state.depth > 0 || state.inside !== undefined) continue;
    statements.push(statement.join('\n'));
    statement = [];
    state = { depth: 0, inside: undefined };
  }
  if (statement.length > 0) statements.push(statement.join('\n').trimEnd());
  return statements;
}

interface LexState {
  /** How many brackets are open. */
  readonly depth: number;
  /** What runs on over a line's end. */
  readonly inside: '`' | '*/' | undefined;
}

function afterLine(before: LexState, line: string): LexState {
  let { depth } = before;
  let inside: string | undefined = before.inside;
  for (let at = 0; at < line.length; at++) {
    const char = line[at] as string;
    if (inside === '*/') {
      if (line.startsWith('*/', at)) inside = undefined;
    } else if (inside !== undefined) {
      if (char === '\\') at += 1;
      else if (char === inside) inside = undefined;
    } else if (char === '"' || char === "'" || char === '`') inside = char;
    else if (line.startsWith('//', at)) break;
    else if (line.startsWith('/*', at)) inside = '*/';
    else if (openers.includes(char)) depth += 1;
    else if (closers.includes(char)) depth -= 1;
  }
  // A quoted string ends with its line, whatever is in it.
  return { depth, inside: inside === '`' || inside === '*/' ? inside : undefined };
}
