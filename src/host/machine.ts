/**
 * What a person at a simulated machine can look at beside its `Network`: interfaces, neighbours, routes, sockets.
 * The simulator's host implements it through `topology/build.ts`; the operating system's network has none.
 */

import type { Task } from "../net/index.ts";

export interface Machine {
  /** Whether it is a router. */
  readonly forwards: boolean;
  interfaces(): readonly InterfaceView[];
  /** The ARP and neighbour-discovery caches. */
  neighbours(): readonly NeighbourView[];
  routes(): readonly RouteView[];
  sockets(): readonly SocketView[];
  resolverCache(): readonly CacheEntryView[];
  /** Leases, where a person does something about them: of one interface, or of all that get their address by DHCP. */
  readonly leases: LeaseControl;
}

export interface LeaseControl {
  /** Whether each has a fresh one in the end. Throws LocalError when nothing there comes by DHCP. */
  renew(interfaceName?: string): Task<boolean>;
  release(interfaceName?: string): void;
}

export interface InterfaceView {
  readonly name: string;
  readonly mac: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
  /** A link is plugged in, and is not cut. */
  readonly up: boolean;
  readonly mtu: number;
  /** Undefined: its IPv4 address does not come by DHCP. */
  readonly dhcp: DhcpView | undefined;
}

export interface DhcpView {
  /** RFC 2131 figure 5: "SELECTING", "BOUND"; "off" while the host is. */
  readonly state: string;
  readonly lease: LeaseView | undefined;
  /** Why there is none any more. */
  readonly reason: string | undefined;
  /** Who offered an address the last time. */
  readonly offers: readonly {
    readonly serverIdentifier: string;
    readonly address: string;
    readonly taken: boolean;
  }[];
}

/** Instants of virtual time; undefined: never. */
export interface LeaseView {
  /** With prefix length. */
  readonly address: string;
  readonly serverIdentifier: string;
  readonly routers: readonly string[];
  readonly nameServers: readonly string[];
  readonly domainName: string | undefined;
  readonly startedAtNs: number;
  readonly renewAtNs: number | undefined;
  readonly rebindAtNs: number | undefined;
  readonly expiresAtNs: number | undefined;
}

export interface NeighbourView {
  readonly address: string;
  /** Undefined while it is being asked for. */
  readonly mac: string | undefined;
  readonly interface: string;
  readonly state: string;
  /** Since it was last heard of; undefined while it is being asked for. */
  readonly ageSeconds: number | undefined;
}

export interface RouteView {
  /** "10.1.0.0/24", "0.0.0.0/0" */
  readonly destination: string;
  /** Undefined: on the link itself. */
  readonly gateway: string | undefined;
  readonly interface: string;
  /** "connected", "static", "dhcp", "computed" */
  readonly origin: string;
}

export interface SocketView {
  readonly protocol: "tcp" | "udp";
  readonly local: string;
  readonly remote: string | undefined;
  readonly state: string;
  /** The service whose socket it is, as far as its port tells. */
  readonly service: string | undefined;
  /** Octets that are not acknowledged yet; of a listener: handshakes under way. */
  readonly sendQueue: number;
  /** Octets (UDP: datagrams) that are not read yet; of a listener: connections that wait for accept. */
  readonly receiveQueue: number;
  /** Of a TCP connection. */
  readonly transfer: TransferView | undefined;
}

/** How a TCP connection fares. Sizes in octets. */
export interface TransferView {
  /** "cubic" */
  readonly congestionControl: string;
  readonly congestionWindow: number;
  /** Undefined before the first loss. */
  readonly slowStartThreshold: number | undefined;
  readonly recovery: "none" | "fast" | "timeout";
  /** Undefined before the first measurement. */
  readonly smoothedRoundTripMs: number | undefined;
  readonly retransmissionTimeoutMs: number;
  readonly bytesInFlight: number;
  /** What the peer offers, and what is offered to it. */
  readonly sendWindow: number;
  readonly receiveWindow: number;
  readonly maximumSegmentSize: number;
  readonly segmentsSent: number;
  readonly segmentsReceived: number;
  readonly segmentsRetransmitted: number;
}

/** What its resolver, or a name server that runs on it, remembers. */
export interface CacheEntryView {
  readonly name: string;
  readonly type: string;
  readonly value: string;
  readonly remainingSeconds: number;
  /** "resolver", or the service that remembers it: "dns". */
  readonly holder: string;
}
