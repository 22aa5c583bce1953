import { Problem } from '../../problem.js';
import { type DockerCli, dockerCli } from './cli.js';
import {
  composeMissing,
  dockerElsewhere,
  dockerProblem,
  dockerTooOld,
  oldestApi,
  oldestCompose,
} from './problems.js';

/** What is known of an engine that the course can use. Versions as they are said: `28.2.2`, `1.50`, `2.40.3-3`. */
export interface DockerFacts {
  readonly engine: string;
  /** Of the API that client and engine have agreed on. */
  readonly api: string;
  readonly compose: string;
  readonly context: string;
  /** `unix:///var/run/docker.sock`, `npipe:////./pipe/docker_engine` */
  readonly host: string;
}

export type DockerAnswer =
  | ({ readonly ok: true } & DockerFacts)
  | { readonly ok: false; readonly problem: Problem };

/** Milliseconds that a question may take where the course could do without Docker: it must not wait for an engine that hangs. */
const shortPatience = 1_500;

/**
 * Asks whether an engine answers that the course can use. Changes nothing, never rejects.
 * The context is looked at first: with one over ssh, every other question could ask for a password.
 * @param patience milliseconds that each question may take
 */
export async function dockerAnswers(
  cli: DockerCli = dockerCli,
  patience = shortPatience,
): Promise<DockerAnswer> {
  const ask = (args: readonly string[]) => cli.call(args, { timeout: patience });
  const place = await dockerContext(cli, patience).catch((problem: Problem) => problem);
  if (place instanceof Problem) return no(place);
  const { context, host } = place;
  if (!isHere(host)) return no(dockerElsewhere(context, host));

  const [engine, compose] = await Promise.all([
    ask(['version', '--format', '{{json .Server}}']),
    ask(['compose', 'version', '--short']),
  ]);
  if (engine.code !== 0) return no(dockerProblem(engine, 'asking the engine for its version'));
  if (compose.failure === 'timeout') return no(dockerProblem(compose, 'asking Compose for its version'));
  // Without the plugin docker takes `--short` for an option of its own, so the text says nothing certain.
  if (compose.code !== 0) return no(composeMissing());
  const server = JSON.parse(engine.stdout) as { Version: string; ApiVersion: string };
  if (isOlder(server.ApiVersion, oldestApi)) {
    return no(dockerTooOld('The engine API', server.ApiVersion, oldestApi));
  }
  const version = compose.stdout.trim().replace(/^v/, '');
  if (isOlder(version, oldestCompose)) return no(dockerTooOld('Docker Compose', version, oldestCompose));
  return { ok: true, engine: server.Version, api: server.ApiVersion, compose: version, context, host };
}

/** Milliseconds for each answer where the course cannot do without: a machine that is busy may take its time. */
const longPatience = 15_000;

/** As `dockerAnswers`, where nothing can be done without an engine. Throws the `Problem` that says what is wrong. */
export async function demandDocker(cli: DockerCli = dockerCli): Promise<DockerFacts> {
  const docker = await dockerAnswers(cli, longPatience);
  if (!docker.ok) throw docker.problem;
  return docker;
}

/** Which engine Docker is told to use, by its context or by `DOCKER_HOST`. Asks no engine; throws a `Problem`. */
export async function dockerContext(
  cli: DockerCli,
  timeout: number,
): Promise<Pick<DockerFacts, 'context' | 'host'>> {
  const place = await cli.call(['context', 'inspect', '--format', '{{json .}}'], { timeout });
  if (place.code !== 0) throw dockerProblem(place, 'naming its context');
  const seen = JSON.parse(place.stdout) as { Name: string; Endpoints: { docker?: { Host?: string } } };
  return { context: seen.Name, host: seen.Endpoints.docker?.Host ?? '' };
}

function no(problem: Problem): DockerAnswer {
  return { ok: false, problem };
}

/** Published ports are on the machine of the engine: a socket, a pipe or a loopback address is this one. */
function isHere(host: string): boolean {
  return /^(unix|npipe|fd):/.test(host) || /^(tcp|https?):\/\/(127\.|localhost\b|\[::1\])/.test(host);
}

/** Compares dotted versions by their numbers; what follows a `-` or `+` does not count. */
export function isOlder(version: string, than: string): boolean {
  const numbers = (text: string) => (text.split(/[-+]/)[0] ?? '').split('.').map(Number);
  const [left, right] = [numbers(version), numbers(than)];
  for (const [index, wanted] of right.entries()) {
    const had = left[index] ?? 0;
    if (had !== wanted) return had < wanted;
  }
  return false;
}
