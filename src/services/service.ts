/**
 * A service as a host installs it: "smtp", "pop3", "dns", "echo". One `ServiceDefinition` per kind, collected in
 * `registry.ts`; the network file names them, the host starts and stops them, the console will switch them.
 */

import type { Network, Task } from "../net/index.ts";
import type { LeaseStore } from "../protocols/dhcp/index.ts";
import type { MailStore } from "./mail/store.ts";

/** What a service gets of the host that it runs on. */
export interface ServiceHost {
  readonly network: Network;
  /** Addresses of the name servers that this host asks. */
  readonly nameServers: readonly string[];
  /** The accounts of this host (mail boxes, logins). */
  readonly users: readonly HostUser[];
  /** Where this host keeps what must survive; shared by its services, by the store's name. */
  readonly stores: HostStores;
  /** What is installed on this host, this service among them; absent: not known. */
  readonly services?: readonly { readonly name: string }[];
  /** What the machine beneath does for others, where it is known (in the lab). */
  readonly machine?: RoutingMachine | undefined;
}

export interface RoutingMachine {
  /** Whether it is a router. */
  readonly forwards: boolean;
  routes(): readonly { readonly destination: string; readonly gateway: string | undefined }[];
}

export interface HostUser {
  /** "bob" */
  readonly name: string;
  readonly password: string;
}

/**
 * The host's stores, opened on first use: in memory in the lab, SQLite files under `hamlet serve`.
 * Each store interface stands in protocols/X/store.ts or services/X/store.ts and adds its line here.
 */
export interface HostStores {
  /** Mailboxes and queue. Throws LocalError when what is on the disk cannot be used. */
  mail(): MailStore;
  /** What a DHCP server has given to whom. Throws as `mail` does. */
  leases(): LeaseStore;
  /** Closes what was opened. */
  close(): void;
}

export interface RunningService {
  /** "smtp" */
  readonly name: string;
  /** "listens on [::]:25 for crepes.fr": one line for a person. */
  readonly description: string;
  /** Stops it: open dialogues get `graceMs` to end. */
  stop(graceMs: number): Task;
}

export interface ServiceDefinition<Configuration = unknown> {
  /** In network files and commands: "webmail". */
  readonly name: string;
  /** As people call it: "Web mail". */
  readonly title: string;
  readonly summary: string;
  /** JSON schema (draft 2020-12) of its part of the network file. */
  readonly schema: object;
  /**
   * What is wrong with a configuration that the schema has let through, each mistake at its place, so that who reads
   * a network file hears of all of them with their lines; `addresses`: those of the host, with prefix length. Absent: the
   * schema says everything.
   */
  problems?(configuration: Configuration, addresses: readonly string[]): readonly ServiceProblem[];
  /** What it is installed with on a host when nobody says; absent: with nothing. */
  propose?(host: ProposedHost): Configuration;
  start(host: ServiceHost, configuration: Configuration): Task<RunningService>;
}

/** A host on which somebody installs a service with one click. */
export interface ProposedHost {
  readonly name: string;
  /** Without prefix length. */
  readonly addresses: readonly string[];
}

export interface ServiceProblem {
  /** The keys and places that lead to it: ["zones", "crepes.fr", 2]. */
  readonly path: readonly (string | number)[];
  /** What is wrong, in one line. */
  readonly message: string;
}
