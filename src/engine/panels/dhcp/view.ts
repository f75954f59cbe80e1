/** What the DHCP server and its panel say to each other. Types only. Instants are those of virtual time. */

export interface DhcpView {
  readonly running: boolean;
  readonly description: string;
  readonly pools: readonly PoolView[];
  readonly leases: readonly LeaseRow[];
  readonly reservations: readonly ReservationView[];
  /** Undefined: everybody is served. */
  readonly only: readonly string[] | undefined;
  readonly refusals: readonly RefusalView[];
  readonly others: readonly OtherServerView[];
  /** As the configuration has it; empty: chosen by itself. */
  readonly poolText: string;
  /** Undefined: for ever. */
  readonly leaseSeconds: number | undefined;
}

export interface PoolView {
  /** "192.168.1.0/24" */
  readonly network: string;
  /** "192.168.1.128 to 192.168.1.254" */
  readonly ranges: string;
  readonly size: number;
  /** How many of them somebody has now. */
  readonly taken: number;
  readonly routers: readonly string[];
  readonly nameServers: readonly string[];
  readonly domain: string | undefined;
}

export interface LeaseRow {
  readonly address: string;
  readonly state: string;
  readonly hardwareAddress: string;
  readonly hostName: string;
  /** Undefined: for ever, or over. */
  readonly untilNs: number | undefined;
  readonly reserved: boolean;
}

export interface ReservationView {
  readonly client: string;
  readonly address: string;
}

/** Who asked in vain. */
export interface RefusalView {
  readonly hardwareAddress: string;
  readonly hostName: string;
  readonly reason: string;
  readonly count: number;
  readonly atNs: number;
}

/** Another server, that clients have chosen. */
export interface OtherServerView {
  readonly serverIdentifier: string;
  readonly count: number;
  /** The client that chose it last. */
  readonly client: string;
  readonly atNs: number;
}
