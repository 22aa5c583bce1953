import type { Lab } from '../lab/lab.js';
import type { Invocation, ShellKind } from '../lab/runtime.js';
import type { Step } from '../lesson/steps.js';
import { Problem } from '../problem.js';
import { type Connection, connectionOf, type MongoshPipe, openMongoshPipe } from './mongosh-pipe.js';
import type { TypeInto } from './typing.js';

/** Milliseconds one step may take before it is given up: the data set is loaded within it on a slow disk. */
const deadline = 180_000;
/** How many shells are kept open. */
const most = 4;

/** Shells without a terminal, kept open for everything that a replay types into them. */
export interface UnseenShells {
  /** Types into a shell of the service as into a new one; gives what it prints, prompts included. */
  readonly type: TypeInto;
  /** Starts the shells that these steps need and that are not open yet. */
  warm(steps: readonly Step[]): void;
  /** Resolves when their processes are gone. */
  close(): Promise<void>;
}

/**
 * Opens the shells that type the steps of a solution. Starting mongosh takes a second of processor time, so one mongosh
 * serves all servers and connects to the right one before each step. Other shells start at once, one process per step.
 */
export function openUnseenShells({ runtime }: Pick<Lab, 'runtime'>, signal?: AbortSignal): UnseenShells {
  /** The one used last comes last. */
  const open = new Map<string, MongoshPipe>();
  const closing: Promise<void>[] = [];
  let isClosed = false;

  const pipeFor = ({ invocation }: Connection): MongoshPipe => {
    const key = JSON.stringify(invocation);
    const known = open.get(key);
    const pipe = known?.isOpen() ? known : openMongoshPipe(invocation);
    open.delete(key);
    open.set(key, pipe);
    for (const [oldest, { close }] of [...open].slice(0, -most)) {
      open.delete(oldest);
      closing.push(close());
    }
    return pipe;
  };

  const typeNext = async (
    service: string,
    connection: Connection,
    { input, signal: until }: Pick<Once, 'input' | 'signal'>,
  ): Promise<string> => {
    const { output, failed } = await pipeFor(connection).type(connection.uri, input, until);
    if (failed) throw shellFailed(service, output);
    return output;
  };

  return {
    async type(service, kind, input) {
      signal?.throwIfAborted();
      const invocation = await runtime.shell(service, { kind, terminal: false });
      const connection = kind === 'own' ? connectionOf(invocation) : undefined;
      const until = signal
        ? AbortSignal.any([signal, AbortSignal.timeout(deadline)])
        : AbortSignal.timeout(deadline);
      const typing = connection
        ? typeNext(service, connection, { input, signal: until })
        : typeOnce(service, invocation, { kind, input, signal: until });
      return typing.finally(() => signal?.throwIfAborted());
    },
    warm(steps) {
      for (const service of servicesOf(steps).slice(0, most)) {
        // It is only sooner: typing says what is wrong.
        runtime.shell(service, { terminal: false }).then(
          (invocation) => {
            const connection = connectionOf(invocation);
            if (connection && !signal?.aborted && !isClosed) pipeFor(connection);
          },
          () => undefined,
        );
      }
    },
    async close() {
      isClosed = true;
      await Promise.all([...closing, ...[...open.values()].map((pipe) => pipe.close())]);
      open.clear();
    },
  };
}

/** The services that the steps type into, as far as that is known beforehand. */
function servicesOf(steps: readonly Step[]): readonly string[] {
  const services = steps.flatMap((step) =>
    step.kind === 'shell' && step.shell === 'own' && typeof step.service === 'string' ? [step.service] : [],
  );
  return [...new Set(services)];
}

interface Once {
  readonly kind: ShellKind;
  readonly input: string;
  readonly signal: AbortSignal;
}

/** Types into a process that is started for it and ends with its input. */
async function typeOnce(service: string, shell: Invocation, { kind, input, signal }: Once): Promise<string> {
  const { execa } = await import('execa');
  const result = await execa(shell.file, [...shell.args], {
    env: { ...shell.env },
    input: `${input}\n`,
    all: true,
    reject: false,
    cancelSignal: signal,
  });
  // A system shell ends as its last command did, which may well be meant to fail.
  const failed = kind === 'system' ? result.exitCode === undefined : result.exitCode !== 0;
  if (failed) throw shellFailed(service, result.all);
  return result.all.trim();
}

function shellFailed(service: string, output: string): Problem {
  const last = output.trim().split('\n').at(-1) || 'nothing';
  return new Problem('shell-failed', `The shell on ${service} ended with: ${last}`, {
    remedy: `See whether it runs: mongo-scale-course status`,
  });
}
