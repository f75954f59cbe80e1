/** A host and its network as one of its services sees them: the same, and it is remembered where the service listens. */

import type {
  Clock,
  Connection,
  ConnectOptions,
  DatagramOptions,
  DatagramSocket,
  Endpoint,
  Listener,
  ListenOptions,
  LocalInterface,
  Log,
  Network,
  Pinger,
  Random,
  Resolver,
  Task,
  TaskHandle,
} from "../net/index.ts";
import type { HostStores, HostUser, ServiceHost } from "../services/service.ts";

export interface ServedEndpoint {
  readonly protocol: "tcp" | "udp";
  readonly local: Endpoint;
}

export class ServingNetwork implements Network {
  /** Where the service has listened since it was started. */
  readonly served: ServedEndpoint[] = [];
  readonly #network: Network;

  constructor(network: Network) {
    this.#network = network;
  }

  get hostName(): string {
    return this.#network.hostName;
  }

  get clock(): Clock {
    return this.#network.clock;
  }

  get random(): Random {
    return this.#network.random;
  }

  get log(): Log {
    return this.#network.log;
  }

  get resolver(): Resolver {
    return this.#network.resolver;
  }

  get pinger(): Pinger | undefined {
    return this.#network.pinger;
  }

  interfaces(): readonly LocalInterface[] {
    return this.#network.interfaces();
  }

  connect(host: string, port: number, options: ConnectOptions): Task<Connection> {
    return this.#network.connect(host, port, options);
  }

  *listen(options: ListenOptions): Task<Listener> {
    const listener = yield* this.#network.listen(options);
    this.served.push({ protocol: "tcp", local: listener.local });
    return listener;
  }

  *bind(options: DatagramOptions): Task<DatagramSocket> {
    const socket = yield* this.#network.bind(options);
    // Any free port is for asking, not for being asked.
    if (options.port !== 0) this.served.push({ protocol: "udp", local: socket.local });
    return socket;
  }

  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    return this.#network.spawn(name, task);
  }
}

export class ServingHost implements ServiceHost {
  readonly network: ServingNetwork;
  readonly #host: ServiceHost;

  constructor(host: ServiceHost, network: ServingNetwork) {
    this.#host = host;
    this.network = network;
  }

  get nameServers(): readonly string[] {
    return this.#host.nameServers;
  }

  get users(): readonly HostUser[] {
    return this.#host.users;
  }

  get services() {
    return this.#host.services ?? [];
  }

  get machine() {
    return this.#host.machine;
  }

  get stores(): HostStores {
    return this.#host.stores;
  }
}
