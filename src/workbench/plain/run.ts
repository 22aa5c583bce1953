import { Problem } from '../../problem.js';
import type { CourseSession } from '../course-session.js';
import { closeSession, closeSoon, type LastSeen, sayLabGoesOn } from '../ending.js';
import { initialState } from '../state/state.js';
import { createStore } from '../state/store.js';
import { installExitPaths } from '../terminal/exit-paths.js';
import { logConsole } from '../terminal/log-console.js';
import { runInForeground } from '../terminal/run-in-foreground.js';
import { createPlainCommands } from './commands.js';
import { createConversation } from './conversation.js';
import { createLineReader } from './line-reader.js';
import { pipeShell } from './shell.js';
import { tellChanges } from './telling.js';
import { parseLine } from './words.js';

interface PlainOptions {
  readonly openSession: () => Promise<CourseSession>;
  readonly logFile: string;
}

/** 128 + SIGINT. */
const interrupted = 130;

/**
 * The course as a conversation: lines out, words in, from a terminal or a pipe. Nothing is drawn, coloured or
 * written over. Resolves when the learner quits or the input ends; throws what `openSession` throws.
 */
export async function runPlain({ openSession, logFile }: PlainOptions): Promise<void> {
  const restoreConsole = logConsole(logFile);
  let seen: LastSeen | undefined;
  try {
    seen = await converse(openSession);
  } finally {
    restoreConsole();
  }
  sayLabGoesOn(seen);
}

async function converse(openSession: PlainOptions['openSession']): Promise<LastSeen> {
  const { stdin, stdout } = process;
  const terminal = stdin.isTTY ?? false;
  const lines = createLineReader(stdin);
  const { say, ask } = createConversation({ lines, terminal, print: (text) => stdout.write(text) });
  const width = Math.min(stdout.columns || 80, 100);
  const store = createStore(initialState({ columns: width, rows: stdout.rows || 24 }));
  const telling = tellChanges(store, width, say);
  const session = openSession();
  let breakOff = (): boolean => false;
  const exitPaths = installExitPaths({
    restore() {},
    end(code) {
      // Ctrl-C: what is under way, and with nothing under way the course.
      if (code === interrupted && breakOff()) return;
      void closeSoon(session).then(() => process.exit(code));
    },
  });

  const openShell = async (service: string): Promise<void> => {
    const invocation = await (await session).shell(service, 'own', { terminal });
    if (!terminal) {
      await pipeShell(invocation, lines);
      // Its last prompt waits for a line that does not come.
      return say('');
    }
    const { failure } = await runInForeground(
      invocation,
      `Shell on ${service}. exit or Ctrl-D comes back.\n`,
      {
        screen: { enter() {}, leave() {} },
        keyboard: lines,
        exitPaths,
        isOpen: () => true,
        print: (text) => stdout.write(text),
      },
    );
    if (failure === undefined) return;
    throw new Problem('shell-not-started', `${invocation.file} could not be started: ${failure}.`, {
      remedy: 'mongo-scale-course doctor says what is missing.',
    });
  };

  let unsubscribe = (): void => {};
  try {
    say('mongo-scale-course, plain mode. Type a word and press Enter; help lists the words.');
    const opened = await session;
    unsubscribe = opened.subscribe((event) => store.dispatch({ type: 'session-event', event }));
    const commands = createPlainCommands({
      store,
      session: opened,
      width,
      say,
      ask,
      openShell: (service) => telling.silently(() => openShell(service)),
    });
    breakOff = commands.breakOff;
    const start = store.getState().cursor;
    if (start !== undefined) await tell(() => commands.openLesson(start), say);
    for (let line = await ask(); line !== undefined; line = await ask()) {
      const parsed = parseLine(line);
      if (parsed.kind === 'unknown')
        say(`There is no word "${parsed.word}". Did you mean ${parsed.nearest}?`);
      if (parsed.kind !== 'command') continue;
      const { command, argument } = parsed;
      if (command === 'quit') break;
      await tell(() => commands.run(command, argument), say);
    }
    return store.getState();
  } finally {
    unsubscribe();
    telling.stop();
    lines.close();
    exitPaths.remove();
    await closeSession(session);
  }
}

/** Does something and says what went wrong, which ends the command and not the course. */
async function tell(task: () => Promise<void>, say: (...lines: string[]) => void): Promise<void> {
  try {
    await task();
  } catch (error) {
    if (error instanceof Problem) say(`Problem: ${error.message}`, ...(error.remedy ? [error.remedy] : []));
    else say(`A fault of the course: ${error instanceof Error ? error.message : String(error)}`);
  }
}
