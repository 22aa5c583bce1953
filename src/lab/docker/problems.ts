import { Problem } from '../../problem.js';
import type { ProblemCode } from '../../problem-codes.js';
import type { DockerResult } from './cli.js';

/** The oldest engine API the course is tested with: Docker Engine 20.10. */
export const oldestApi = '1.41';
/** The oldest Docker Compose whose options the course uses (`--progress` on every command). */
export const oldestCompose = '2.20.0';

const useLocal = 'or run the course without Docker: --runtime local';

interface Cause {
  readonly code: ProblemCode;
  /** In what docker, compose or the engine print on failure. */
  readonly pattern: RegExp;
  readonly message: (match: RegExpExecArray) => string;
  readonly remedy: string;
}

/**
 * What docker says and what it means. Texts of docker CLI 28.2, Compose 2.26 and 2.40, Engine 20.10 to 28, and
 * Docker Desktop; the first that fits counts.
 */
const causes: readonly Cause[] = [
  {
    code: 'docker-permission',
    pattern: /permission denied while trying to connect|dial unix \S+: connect: permission denied/i,
    message: () => 'Docker is running, but your user may not talk to it.',
    remedy: `Join the docker group (sudo usermod -aG docker $USER, then log in again), ${useLocal}.`,
  },
  {
    code: 'docker-api',
    pattern: /client version (\S+) is too (?:old|new)\.? (Minimum|Maximum) supported API version is (\S+)/i,
    message: ([, client, bound, engine]) =>
      `The docker program speaks API ${client}, and the engine ${bound?.toLowerCase() === 'minimum' ? 'from' : 'up to'} ${engine?.replace(/[.,]$/, '')}: one of them is too old for the other.`,
    remedy: `Update Docker, unset DOCKER_API_VERSION if it is set, ${useLocal}.`,
  },
  {
    code: 'docker-context',
    pattern: /context "?([^"\s:]+)"?: context not found|context "([^"]+)" (?:does not exist|not found)/i,
    message: ([, first, second]) =>
      `Docker is told to use the context '${first ?? second}', which does not exist.`,
    remedy: `Choose another (docker context ls, docker context use default), ${useLocal}.`,
  },
  {
    code: 'docker-not-running',
    pattern:
      /cannot connect to the docker daemon|is the docker daemon running|error during connect|failed to connect to the docker API|docker desktop is (?:not running|unable to start)/i,
    message: () => 'Docker is installed, but its engine does not answer.',
    remedy: `Start it (Docker Desktop, or: sudo systemctl start docker) and try again, ${useLocal}.`,
  },
  {
    code: 'disk-full',
    pattern: /no space left on device/i,
    message: () => "Docker's disk is full.",
    remedy: 'See what takes the space with docker system df, and free some with docker system prune.',
  },
  {
    code: 'wrong-processor',
    pattern: /no matching manifest for (\S+)|exec format error/i,
    message: () => 'The image is not made for the processor of this machine.',
    remedy: 'Name another one (MSC_MONGO_IMAGE and its like), or take --runtime local.',
  },
  {
    code: 'image-missing',
    pattern: /(?:manifest for|No such image:) (\S+)|pull access denied for ([^\s,]+)|manifest unknown/i,
    message: ([, first, second]) =>
      `Docker cannot get the image ${first ?? second ?? ''}: no registry offers it to you.`,
    remedy:
      'Check its name (MSC_MONGO_IMAGE, MSC_REDIS_IMAGE, MSC_TRAEFIK_IMAGE, MSC_NODE_IMAGE, MSC_NGINX_IMAGE), or log in with docker login.',
  },
  {
    code: 'pull-limit',
    pattern: /toomanyrequests|pull rate limit/i,
    message: () => 'The image registry answers no more pulls from this address for now.',
    remedy: `Log in with docker login, wait an hour, ${useLocal}.`,
  },
  {
    code: 'registry-unreachable',
    pattern:
      /Get "?https?:\/\/[^"\s]+"?: (.*(?:no such host|timeout|refused|unreachable|deadline exceeded|certificate).*)/i,
    message: ([, reason]) => `Docker cannot reach the image registry: ${reason?.trim()}.`,
    remedy: `Check the network and Docker's proxy settings, bring the images in a file (bundle load), ${useLocal}.`,
  },
  {
    code: 'pull-interrupted',
    pattern: /unexpected EOF|connection reset by peer|TLS handshake timeout|i\/o timeout|deadline exceeded/i,
    message: () => 'The download of an image broke off.',
    remedy: `Try again: what has arrived is kept. Or ${useLocal.replace(/^or /, '')}.`,
  },
  {
    code: 'no-free-network',
    pattern: /non-overlapping IPv4 address pool|address pools have been fully subnetted/i,
    message: () => 'Docker has no addresses left for another network.',
    remedy: 'Remove networks that nothing uses: docker network prune',
  },
  {
    code: 'mount-refused',
    pattern: /mounts denied|is not shared from the host|path \S+ is not shared/i,
    message: () => 'Docker may not read the folder that the course is installed in.',
    remedy: 'Allow it in Docker Desktop: Settings, Resources, File sharing.',
  },
];

/** The port of the engine's complaint that a published port cannot be bound; undefined where it says something else. */
export function takenPort(text: string): number | undefined {
  const match =
    /(?:Bind for|listen tcp4?|exposing port TCP) \S*?:(\d+)\b.*?(?:already allocated|already in use|access permissions|forbidden)/i.exec(
      text,
    );
  return match ? Number(match[1]) : undefined;
}

/**
 * The `Problem` for a call of docker that failed.
 * @param doing what the course was about, as in "while starting the lab"
 */
export function dockerProblem(result: DockerResult, doing: string): Problem {
  if (result.failure === 'missing') return dockerMissing();
  if (result.failure === 'timeout') return dockerSilent();
  const text = complaint(result);
  for (const { code, pattern, message, remedy } of causes) {
    const match = pattern.exec(text);
    if (match) return new Problem(code, message(match), { remedy, cause: text });
  }
  if (/'compose' is not a docker command|unknown command: docker compose/i.test(text))
    return composeMissing();
  return new Problem('docker-failed', `Docker failed while ${doing}: ${lastLine(text)}`, {
    remedy: 'See what is wrong with: mongo-scale-course doctor',
    cause: text,
  });
}

/** There is no docker program. */
export function dockerMissing(): Problem {
  return new Problem('docker-missing', 'There is no docker program on this machine.', {
    remedy: `Install Docker (https://docs.docker.com/get-started/get-docker/), ${useLocal}.`,
  });
}

/** The docker program does not come back. */
export function dockerSilent(): Problem {
  return new Problem('docker-silent', 'Docker is installed, but its engine has not answered in time.', {
    remedy: `It may still be starting: try again in a moment, restart it, ${useLocal}.`,
  });
}

/** docker without its compose plugin. */
export function composeMissing(): Problem {
  return new Problem('compose-missing', 'Docker runs here, but without its Compose plugin.', {
    remedy: `Install it (the package docker-compose-plugin, https://docs.docker.com/compose/install/), ${useLocal}.`,
  });
}

/** A compose plugin or an engine from before the oldest that the course works with. */
export function dockerTooOld(what: string, version: string, oldest: string): Problem {
  return new Problem(
    'docker-too-old',
    `${what} ${version} is too old: the course needs ${oldest} or newer.`,
    {
      remedy: `Update Docker, ${useLocal}.`,
    },
  );
}

/** Containers would run on another machine, and so would their ports. */
export function dockerElsewhere(context: string, host: string): Problem {
  return new Problem(
    'docker-elsewhere',
    `Docker's context '${context}' runs containers on another machine (${host}). Their ports would be open there, where the course cannot reach them.`,
    {
      remedy: `Choose an engine on this machine (docker context use default, unset DOCKER_HOST), ${useLocal}.`,
    },
  );
}

/** What was said last: with `--progress json` compose says it as `{"error":true,"message":…}`. */
function complaint({ stdout, stderr }: DockerResult): string {
  const text = stderr.trim() || stdout.trim();
  const said = text.split('\n').flatMap((line) => {
    if (!line.startsWith('{')) return [line];
    try {
      const event = JSON.parse(line) as { error?: boolean; message?: string };
      return event.error ? [event.message ?? ''] : [];
    } catch {
      return [line];
    }
  });
  return said.join('\n').trim();
}

function lastLine(text: string): string {
  return (
    text
      .split('\n')
      .at(-1)
      ?.replace(/^(?:Error response from daemon: |ERROR: )/, '') || 'it does not say why'
  );
}
