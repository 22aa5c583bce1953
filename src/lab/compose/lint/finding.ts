import type { Fault } from '../compose-file.js';

/** What a compose file can have wrong that its reader sees only when it runs. */
export type LintId =
  | 'waits-for-learner'
  | 'waits-for-no-healthcheck'
  | 'volume-beside-data'
  | 'healthcheck-without-shell'
  | 'carriage-returns'
  | 'address-of-nobody'
  | 'port-clash'
  | 'port-beside-ports'
  | 'volume-shared'
  | 'volume-not-listed'
  | 'waits-in-vain'
  | 'both-roles'
  | 'no-role'
  | 'no-volume'
  | 'wrong-configdb'
  | 'no-configdb'
  | 'configdb-of-server'
  | 'router-of-another-set';

/**
 * One such thing. An `error` would never come up, lose data, or be two clusters: the course refuses the file. With an
 * `advice` the servers run, and something beside them does not.
 */
export interface LintFinding extends Fault {
  readonly id: LintId;
  readonly level: 'error' | 'advice';
}
