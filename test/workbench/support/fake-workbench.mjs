// The built workbench on a made-up lab: node fake-workbench.mjs '{"doneFile": …, "logFile": …, "crash": true}'
import { ExitCode } from '../../../dist/src/problem.js';
import { openWorkbench } from '../../../dist/src/workbench/open.js';
import { createFakeSession } from './fake-session.mjs';

const { logFile, crash, ...options } = JSON.parse(process.argv[2] ?? '{}');
const session = createFakeSession(options);
if (crash) {
  const { shell } = session;
  // A fault of the course, out of every promise: what `s` leads to.
  session.shell = async (service) => {
    setImmediate(() => {
      throw new Error('a fault of the course');
    });
    return shell(service);
  };
}
try {
  await openWorkbench({ openSession: async () => session, logFile: logFile ?? '/dev/null' });
} catch (error) {
  process.stderr.write(`${error.code}: ${error.message}\n${error.remedy}\n`);
  process.exitCode = error.exitCode ?? ExitCode.environment;
}
