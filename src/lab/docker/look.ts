import { Agent, get, type RequestOptions } from 'node:http';
import type { DockerCli } from './cli.js';
import { type Container, readContainers } from './containers.js';
import { dockerContext } from './detect.js';
import { dockerProblem } from './problems.js';

/** Looks at containers by name; those that are not there are left out. Throws `docker-not-running` and its like. */
export type Look = (names: readonly string[]) => Promise<readonly Container[]>;

/** Milliseconds for a look, which takes 5 to 50: an engine that hangs must not hang whoever watches. */
const patience = 5_000;

/**
 * Asks the engine itself, over the socket of Docker's context: the course looks again and again, and to run the
 * docker program for it costs 21 ms of processor time a look, this 1.3. An engine that has no plain socket here is
 * asked through the program.
 */
export function lookThroughSocket(cli: DockerCli): Look {
  let chosen: Promise<Look> | undefined;
  const choose = async (): Promise<Look> => {
    const { host } = await dockerContext(cli, patience);
    const socket = socketOf(host);
    return socket ? (names) => askEngine(socket, names) : lookThroughProgram(cli);
  };
  return async (names) => {
    chosen ??= choose();
    try {
      return await (await chosen)(names);
    } catch (cause) {
      // The context may be another by the next look.
      chosen = undefined;
      throw cause;
    }
  };
}

/** Asks with `docker container inspect`: one call, however many containers. */
export function lookThroughProgram(cli: DockerCli): Look {
  return async (names) => {
    const args = ['container', 'inspect', '--format', '{{json .}}', ...names];
    const result = await cli.call(args, { timeout: patience });
    // It fails where one of them is missing, and still prints the others.
    const complaints = result.stderr.split('\n').filter((line) => line && !/No such container/i.test(line));
    if (result.code === undefined || (result.code !== 0 && complaints.length > 0)) {
      throw dockerProblem(result, 'looking at the containers');
    }
    return readContainers(result.stdout);
  };
}

/** How to reach `unix:///var/run/docker.sock` or `npipe:////./pipe/docker_engine` from Node; undefined for other hosts. */
function socketOf(host: string): string | undefined {
  if (host.startsWith('unix://')) return host.slice('unix://'.length);
  if (host.startsWith('npipe://')) return host.slice('npipe://'.length).replaceAll('/', '\\');
  return undefined;
}

const agent = new Agent({ keepAlive: true });

async function askEngine(socketPath: string, names: readonly string[]): Promise<readonly Container[]> {
  const found = await Promise.all(
    names.map((name) => inspect({ socketPath, agent, path: `/containers/${name}/json`, timeout: patience })),
  );
  return found.filter((container) => container !== undefined);
}

/** Engine API, `ContainerInspect`: 404 where there is no such container. */
async function inspect(options: RequestOptions): Promise<Container | undefined> {
  const { status, text } = await fetchText(options).catch((cause: NodeJS.ErrnoException) => {
    throw dockerProblem(failureOf(cause), 'looking at the containers');
  });
  if (status === 404) return undefined;
  if (status === 200) return JSON.parse(text) as Container;
  throw dockerProblem({ code: 1, stdout: '', stderr: text }, 'looking at the containers');
}

function fetchText(options: RequestOptions): Promise<{ status: number | undefined; text: string }> {
  return new Promise((resolve, reject) => {
    const request = get(options, (response) => {
      response.setEncoding('utf8');
      let text = '';
      response.on('data', (chunk: string) => {
        text += chunk;
      });
      response.on('end', () => resolve({ status: response.statusCode, text }));
      response.on('error', reject);
    });
    request.on('timeout', () => request.destroy(Object.assign(new Error('timeout'), { code: 'ETIMEDOUT' })));
    request.on('error', reject);
  });
}

/** What the docker program would have said. */
function failureOf({ code, message }: NodeJS.ErrnoException) {
  if (code === 'ETIMEDOUT') return { code: undefined, stdout: '', stderr: '', failure: 'timeout' } as const;
  const stderr =
    code === 'EACCES' || code === 'EPERM'
      ? 'permission denied while trying to connect'
      : `Cannot connect to the Docker daemon: ${message}`;
  return { code: 1, stdout: '', stderr };
}
