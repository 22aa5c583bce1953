/** What a service runs: the first word of its `command` in the compose file. */
export const programs = ['mongod', 'mongos', 'redis-server', 'traefik', 'node', 'nginx'] as const;
export type Program = (typeof programs)[number];

/** A port of a service, as published on 127.0.0.1. Container port and published port are the same number. */
export type Port = number;

/** A folder or file that a service sees: a named volume of its own data, or something of the package, read-only. */
export type Mount =
  | { readonly kind: 'volume'; readonly name: string; readonly target: string }
  | { readonly kind: 'bind'; readonly source: string; readonly target: string; readonly readOnly: boolean };

/** One entry of a compose file, its variables filled in and its ports shifted by the port offset. */
export interface Service {
  readonly name: string;
  readonly image: string;
  readonly program: Program;
  /** The program's arguments as a container gets them: service names as hosts, container paths. */
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  /** The first is the service's own address; others are extra (a dashboard). */
  readonly ports: readonly Port[];
  readonly mounts: readonly Mount[];
  /** Services that are started before this one. */
  readonly dependsOn: readonly string[];
  readonly healthcheck?: Readonly<Record<string, unknown>> | undefined;
}

/** All services of one stage, as `compose/STAGE.yaml` says, in the order of the file. */
export interface Stack {
  readonly stage: string;
  /** The compose file it was read from. */
  readonly file: string;
  /** What was added to every port of the file. */
  readonly portOffset: number;
  readonly services: readonly Service[];
  /** Services that the learner adds to this stage, by name, with their ports: lessons say their addresses beforehand. */
  readonly toCome?: Readonly<Record<string, Port>> | undefined;
}
