/**
 * A network whose services come out at other ports and addresses than they ask for: low ports need root, and a
 * server that was written for a lab must not answer the whole world unless it is told to.
 */

import type {
  Connection,
  ConnectOptions,
  DatagramOptions,
  DatagramSocket,
  Endpoint,
  Listener,
  ListenOptions,
  Network,
  Resolver,
  Task,
  TaskHandle,
} from "../../net/index.ts";

export interface PortMap {
  /** The local address of everything that listens. */
  readonly address: string;
  /** From the port that a service asks for to the one it gets; a port that it does not contain gets `offset` added. */
  readonly ports: ReadonlyMap<number, number>;
  readonly offset: number;
}

export class MappedNetwork implements Network {
  readonly #network: Network;
  readonly #map: PortMap;
  /** Where the services came out, by the port that they asked for. */
  readonly #placed = new Map<number, Endpoint>();
  readonly hostName: string;
  readonly resolver: Resolver;

  /** `hostName` and `resolver` replace those of `network`. */
  constructor(network: Network, map: PortMap, hostName: string, resolver: Resolver) {
    this.#network = network;
    this.#map = map;
    this.hostName = hostName;
    this.resolver = resolver;
  }

  get clock() {
    return this.#network.clock;
  }

  get random() {
    return this.#network.random;
  }

  get log() {
    return this.#network.log;
  }

  get pinger() {
    return this.#network.pinger;
  }

  interfaces() {
    return this.#network.interfaces();
  }

  /** A service of the same host is asked for at the loopback address, and found where it came out. */
  connect(host: string, port: number, options: ConnectOptions): Task<Connection> {
    const placed = host === LOOPBACK ? this.#placed.get(port) : undefined;
    const address = placed === undefined || EVERYWHERE.includes(placed.address) ? host : placed.address;
    return this.#network.connect(address, placed?.port ?? port, options);
  }

  *listen(options: ListenOptions): Task<Listener> {
    const listener = yield* this.#network.listen({ ...options, ...this.#place(options.port) });
    if (options.port !== 0) this.#placed.set(options.port, listener.local);
    return listener;
  }

  bind(options: DatagramOptions): Task<DatagramSocket> {
    // A port that is taken for answers only is nobody's service; who serves the hosts of a link is found at no other port.
    const isService = options.port !== 0 && options.peer === undefined && options.interface === undefined;
    return this.#network.bind(isService ? { ...options, ...this.#place(options.port) } : options);
  }

  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    return this.#network.spawn(name, task);
  }

  #place(port: number): { address: string; port: number } {
    const { address, ports, offset } = this.#map;
    return { address, port: ports.get(port) ?? (port === 0 ? 0 : port + offset) };
  }
}

const LOOPBACK = "127.0.0.1";
const EVERYWHERE = ["::", "0.0.0.0"];
