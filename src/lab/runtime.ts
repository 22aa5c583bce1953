import type { Program, Stack } from './compose/service.js';

export type RuntimeKind = 'docker' | 'local';

/**
 * `running` and `paused` have a live process; `stopped` was ended by us or by the learner through us;
 * `dead` ended behind our back; `absent` was never started.
 */
export type ServiceState = 'starting' | 'running' | 'paused' | 'stopped' | 'dead' | 'absent';

/** What the runtime knows of one service without asking the server in it. */
export interface ServiceStatus {
  readonly name: string;
  readonly program: Program;
  /** What really runs, with its version where known: `mongod 6.0.5`, `course router`. */
  readonly runs?: string | undefined;
  readonly state: ServiceState;
  /** `127.0.0.1:27111`: as the learner's machine reaches it. */
  readonly address: string;
  readonly pid?: number | undefined;
  /** ISO time of the start. */
  readonly since?: string | undefined;
  /** Of a `dead` service: how it ended, as far as known; of an isolated one: that it is. */
  readonly detail?: string | undefined;
  /** Of an `absent` one that this machine cannot run: why, and what to do about it. */
  readonly leftOut?: string | undefined;
}

/** Progress of `up`, for a line or a bar a program or service. */
export type UpEvent =
  | {
      readonly kind: 'program';
      readonly program: string;
      readonly phase: 'looking' | 'downloading' | 'unpacking' | 'ready';
      /** Bytes, when downloading and known. */
      readonly received?: number | undefined;
      readonly total?: number | undefined;
      /** Where it comes from, or where it was found. */
      readonly detail?: string | undefined;
    }
  | {
      readonly kind: 'service';
      readonly service: string;
      readonly phase: 'unchanged' | 'stopping' | 'stopped' | 'starting' | 'ready' | 'failed' | 'left out';
      /** Since this service's start was begun. */
      readonly seconds?: number | undefined;
      readonly detail?: string | undefined;
    };

/** Progress of one service, while servers are started or ended. */
export type ServiceEvent = Extract<UpEvent, { kind: 'service' }>;
export type OnService = (event: ServiceEvent) => void;

/**
 * A file of the learner's workspace that the course wrote, or found made from another version of the course. `restored`:
 * it is as the course gives it; `solved`: it has a solution; `renewed`: it was a copy that nobody had changed, and is
 * that of this version; `outdated`: it is the learner's, made from a copy of another version.
 */
export interface FileEvent {
  readonly kind: 'file';
  /** `compose.yaml`, `shop/cache.js` */
  readonly file: string;
  readonly became: 'restored' | 'solved' | 'renewed' | 'outdated';
  /** Where what the learner had written is kept. */
  readonly kept?: string | undefined;
}

/** A program with its arguments, for execa or a pty. */
export interface Invocation {
  readonly file: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>> | undefined;
}

/** Which shell of a service: its own (mongosh, redis-cli), or a system shell beside the server. */
export type ShellKind = 'own' | 'system';

export interface ShellOptions {
  /** Default `own`. Where a service has no shell of its own, both are the system shell. */
  readonly kind?: ShellKind | undefined;
  /** False (default) for input from a pipe, true for a terminal. */
  readonly terminal?: boolean | undefined;
  /** More arguments for the shell (`--eval`, …). */
  readonly args?: readonly string[] | undefined;
}

/** What `down` did: names of services stopped, and folders or volumes removed. */
export interface DownReport {
  readonly stopped: readonly string[];
  /** Those of the stopped ones that did not end by themselves and were killed. */
  readonly killed?: readonly string[] | undefined;
  readonly removed: readonly string[];
  /** What a purge could not remove, and the command that will, in words. */
  readonly kept?: string | undefined;
}

/**
 * What runs a stack: containers or local processes, behind one interface. It remembers in home what it has
 * started, so that any later process (another command, after a crash) finds it again.
 * Methods that name a service throw `Problem('unknown-service')` where the stack has none of that name, and
 * `Problem('lab-not-up')` where there is no stack.
 */
export interface Runtime {
  readonly kind: RuntimeKind;
  /** The stack that is up, or was when it was last changed; undefined before the first `up` and after a purge. */
  stack(): Stack | undefined;
  /**
   * Fetches all that these stacks run (images, or programs), so that `up` needs no network. Returns what is there
   * now, in words: `mongo:7.0`, `mongod 6.0.5`.
   */
  fetch(
    stacks: readonly Stack[],
    onProgress: (event: UpEvent) => void,
    signal?: AbortSignal,
  ): Promise<readonly string[]>;
  /**
   * Brings the lab to exactly `stack`: what is the same and answers is left alone, what changed is restarted on
   * its data, what is not in it is stopped. Resolves when every service's server answers.
   */
  up(stack: Stack, onProgress: (event: UpEvent) => void, signal?: AbortSignal): Promise<void>;
  /**
   * Stops what it started and nothing else. `purge` also removes data and logs; as the data is deleted, the servers
   * are killed and get no time to shut down.
   */
  down(options: { purge: boolean }, onProgress?: OnService): Promise<DownReport>;
  /**
   * Kills every service of the stack that runs, all at once, and marks all as stopped on purpose. Data stays as it is
   * on the disk. Does nothing where there is no stack.
   */
  killAll(onProgress?: OnService): Promise<void>;
  /**
   * Ends every server at once and forgets them and their logs; the data stays where it is. For a lab whose data is
   * replaced next: nothing is waited for that would only be thrown away.
   */
  clear(onProgress: OnService): Promise<void>;
  /** Makes the folders or volumes that hold the data of a stack. Starts nothing. */
  prepare(stack: Stack): Promise<void>;
  /**
   * How the agent is run that reads (`capture`) or replaces (`write`) the data folders of all services.
   * @param objects folder of the objects, on the learner's machine
   */
  dataAgent(task: 'capture' | 'write', objects: string): Promise<Invocation>;
  /** What would run each service here (`mongod 6.0.5`), by its name; undefined where that has to be fetched first. */
  wouldRun(stack: Stack): Promise<Readonly<Record<string, string | undefined>>>;
  services(): Promise<readonly ServiceStatus[]>;
  start(service: string): Promise<void>;
  /** SIGTERM and wait, as an operator would. */
  stop(service: string): Promise<void>;
  /** SIGKILL: what a power cut does. */
  kill(service: string): Promise<void>;
  /** SIGSTOP: a node that hangs but keeps its connections. */
  pause(service: string): Promise<void>;
  resume(service: string): Promise<void>;
  /**
   * Cuts a running service off the network, where the runtime can (containers): it lives, reaches nobody, and
   * nobody reaches it.
   */
  readonly isolate?: ((service: string) => Promise<void>) | undefined;
  /** Puts an isolated service back on the network. */
  readonly rejoin?: ((service: string) => Promise<void>) | undefined;
  /** The last `tail` lines, then, with `follow`, what comes until `signal` aborts. */
  logs(
    service: string,
    options: { tail?: number; follow?: boolean; signal?: AbortSignal },
  ): AsyncIterable<string>;
  /** The shell that fits the service: mongosh on a mongod or router, redis-cli on Redis, a system shell elsewhere. */
  shell(service: string, options?: ShellOptions): Promise<Invocation>;
  /** `host:port` as the learner's machine reaches it: for the checks' own clients. */
  address(service: string): string;
  /** `host:port` as the nodes reach each other: what `rs.initiate` and `sh.addShard` must be given. */
  peerAddress(service: string): string;
  /** How a shell of this runtime names a file of `assets/shop` (mounted read-only as `/course` in containers). */
  coursePath(file: string): string;
  /** Where a file of the learner's workspace is on his machine: `shop/cache.js`. */
  workspacePath(file: string): string;
}
