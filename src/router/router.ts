import type { Cluster } from './cluster/cluster.js';
import type { RoutingTable } from './cluster/routing.js';
import type { Hold } from './cluster/upstream.js';
import type { Cursors } from './commands/cursors.js';
import type { Log } from './log.js';
import type { Request } from './request.js';
import type { Document } from './wire/document-type.js';

/** What the command handlers work with. */
export interface Router {
  readonly cluster: Cluster;
  readonly routing: RoutingTable;
  readonly cursors: Cursors;
  readonly identity: Identity;
  readonly counters: Counters;
  readonly log: Log;
}

/** What the router says of itself. */
export interface Identity {
  readonly host: string;
  readonly port: number;
  readonly configdb: string;
  readonly argv: readonly string[];
  readonly started: Date;
}

/** What serverStatus counts. */
export interface Counters {
  connections: number;
  connectionsCreated: number;
  bytesIn: number;
  bytesOut: number;
  requests: number;
}

/** The client that a request came from. */
export interface Client {
  readonly connectionId: number;
  readonly address: string;
  /** The read that was last sent for it, which ends with its connection. */
  reading: Hold | undefined;
}

/** A reply: a server's whole message, passed on as it is, or a document to be encoded. */
export type Reply = Buffer | Document;

export type Handler = (router: Router, request: Request, client: Client) => Promise<Reply> | Reply;
