/**
 * What a person at a simulated machine can look at beside its `Network`: interfaces, neighbours, routes, sockets.
 * The simulator's host implements it through `topology/build.ts`; the operating system's network has none.
 */

export interface Machine {
  interfaces(): readonly InterfaceView[];
  /** The ARP and neighbour-discovery caches. */
  neighbours(): readonly NeighbourView[];
  routes(): readonly RouteView[];
  sockets(): readonly SocketView[];
}

export interface InterfaceView {
  readonly name: string;
  readonly mac: string;
  /** With prefix length. */
  readonly addresses: readonly string[];
  readonly up: boolean;
  readonly mtu: number;
}

export interface NeighbourView {
  readonly address: string;
  /** Undefined while it is being asked for. */
  readonly mac: string | undefined;
  readonly interface: string;
  readonly state: string;
}

export interface RouteView {
  /** "10.1.0.0/24", "0.0.0.0/0" */
  readonly destination: string;
  /** Undefined: on the link itself. */
  readonly gateway: string | undefined;
  readonly interface: string;
  /** "connected", "static", "computed" */
  readonly origin: string;
}

export interface SocketView {
  readonly protocol: "tcp" | "udp";
  readonly local: string;
  readonly remote: string | undefined;
  readonly state: string;
}
