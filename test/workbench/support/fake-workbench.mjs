// The built workbench on a made-up lab: node fake-workbench.mjs '{"doneFile": …, "logFile": …, "pidFile": …}'
import { writeFileSync } from 'node:fs';
import { register } from 'node:module';
import { openWorkbench, wantsPlain } from '../../../dist/src/workbench/open.js';
import { createFakeSession } from './fake-session.mjs';

const {
  logFile = '/dev/null',
  pidFile,
  crash,
  pty = true,
  plain = false,
  theme,
  mouse,
  ...options
} = JSON.parse(process.argv[2] ?? '{}');
if (!pty) {
  // As where npm left the optional package out.
  const hook = `export const resolve = (name, context, next) => {
    if (name === '@lydell/node-pty') throw new Error('not installed');
    return next(name, context);
  };`;
  register(`data:text/javascript,${encodeURIComponent(hook)}`);
}
if (pidFile !== undefined) writeFileSync(pidFile, String(process.pid));
const session = createFakeSession(options);
const { openLesson } = session;
session.openLesson = (id) => {
  // What a library may do at any time.
  // biome-ignore lint/suspicious/noConsole: this is the stray output
  console.log('stray output');
  process.emitWarning('stray warning');
  return openLesson(id);
};
if (crash) {
  session.answer = () => {
    setImmediate(() => {
      throw new Error('a fault of the course');
    });
    return new Promise(() => {});
  };
}
try {
  await openWorkbench({ openSession: async () => session, logFile, plain: wantsPlain(plain), theme, mouse });
} catch (error) {
  process.stderr.write(`${error.code}: ${error.message}\n${error.remedy}\n`);
  process.exitCode = error.exitCode ?? 3;
}
