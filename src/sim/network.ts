/** A simulated host as a `Network`: what every server and client of Hamlet runs on, unchanged. */

import {
  BACKLOG_DEFAULT,
  type Clock,
  Connection,
  type ConnectOptions,
  canonicalAddress,
  connectInTurn,
  type DatagramOptions,
  type Endpoint,
  type ListenOptions,
  type LocalInterface,
  type Log,
  type Network,
  NetworkError,
  type Pinger,
  type Random,
  type Resolver,
  silentLog,
  suspend,
  type Task,
  type TaskHandle,
} from "../net/index.ts";
import { SimDatagramSocket } from "./datagram-socket.ts";
import type { Kernel } from "./host.ts";
import type { NetworkInterface } from "./kernel/interface.ts";
import type { IpAddress } from "./kernel/ip-address.ts";
import type { TcpSocket } from "./kernel/tcp/index.ts";
import { SimListener } from "./listener.ts";
import { SimPinger } from "./pinger.ts";
import { errorCode, HeardSocket, type SocketCalls, type SocketLog } from "./socket-calls.ts";
import type { TaskGroup } from "./tasks.ts";

/** The host behind a network. */
export interface NetworkHost {
  readonly name: string;
  /** Throws NetworkError "closed" while the host is off. */
  readonly kernel: Kernel;
  /** All but the loopback interface. */
  readonly interfaces: readonly NetworkInterface[];
  /** Who hears what the sockets are asked to do. */
  readonly calls: SocketCalls;
}

export class SimNetwork implements Network {
  readonly hostName: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly pinger: Pinger;
  log: Log = silentLog;
  /** Knows no name until it is set. */
  resolver: Resolver;
  readonly #host: NetworkHost;
  readonly #tasks: TaskGroup;

  constructor(host: NetworkHost, tasks: TaskGroup, clock: Clock, random: Random) {
    this.#host = host;
    this.#tasks = tasks;
    this.hostName = host.name;
    this.clock = clock;
    this.random = random;
    this.pinger = new SimPinger(host, clock);
    this.resolver = noNames(host.name);
  }

  interfaces(): readonly LocalInterface[] {
    return this.#host.interfaces.map((nic) => ({
      name: nic.name,
      hardwareAddress: nic.mac,
      addresses: nic.assigned.map(({ address, prefixLength }) => `${address.text}/${prefixLength}`),
    }));
  }

  *connect(host: string, port: number, options: ConnectOptions): Task<Connection> {
    const { socket, log } = yield* this.#open(host, port, options);
    return new Connection(log === undefined ? socket : new HeardSocket(socket, log), this.clock);
  }

  /** As `connect`, without a Connection around it: for what pumps octets from one network into another. */
  *connectSocket(host: string, port: number, options: ConnectOptions): Task<TcpSocket> {
    return (yield* this.#open(host, port, options)).socket;
  }

  *listen(options: ListenOptions): Task<SimListener> {
    checkPort(options.port, 0);
    const { tcp } = this.#host.kernel;
    const { local, family } = this.#localOf(options.address);
    const backlog = options.backlog ?? BACKLOG_DEFAULT;
    const listener = tcp.listen(local, options.port, backlog, family && { family });
    const log = this.#bound("tcp", listener.local);
    log?.tell("listen", { backlog });
    return new SimListener(listener, this.clock, log);
  }

  *bind(options: DatagramOptions): Task<SimDatagramSocket> {
    checkPort(options.port, 0);
    const { udp, ip } = this.#host.kernel;
    const { local, family } = this.#localOf(options.address);
    const { peer } = options;
    const remote = peer && { address: ip.addresses.of(peer.address), port: peer.port };
    const nic = options.interface === undefined ? undefined : this.#interfaceNamed(options.interface);
    const socket = udp.bind(local, family, options.port, remote, nic);
    return new SimDatagramSocket(socket, this.clock, this.#bound("udp", socket.local));
  }

  spawn<T>(name: string, task: Task<T>): TaskHandle<T> {
    return this.#tasks.spawn(name, task);
  }

  *#open(host: string, port: number, options: ConnectOptions): Task<OpenedSocket> {
    checkPort(port, 1);
    return yield* connectInTurn(this.clock, this.resolver, host, port, options, (address) => {
      return this.#connectTo(address, port);
    });
  }

  *#connectTo(address: string, port: number): Task<OpenedSocket> {
    const log = this.#host.calls.open(this.hostName, "tcp");
    log?.tell("socket");
    const call = log?.begin("connect", { remote: { address, port } });
    try {
      const socket = yield* this.#establish(address, port, log);
      call?.end();
      return { socket, log };
    } catch (error) {
      call?.end({ error: errorCode(error) });
      throw error;
    }
  }

  *#establish(address: string, port: number, log: SocketLog | undefined): Task<TcpSocket> {
    const { ip, tcp } = this.#host.kernel;
    const socket = tcp.connect(ip.addresses.of(address), port);
    if (log !== undefined) Object.assign(log, { local: socket.local, remote: socket.remote });
    let established = false;
    try {
      yield* suspend<void>((resolve, reject) => {
        socket.onEstablished = resolve;
        socket.onFailure = reject;
        return () => {};
      });
      established = true;
      return socket;
    } finally {
      // Failed, or given up meanwhile.
      if (!established) socket.abort();
    }
  }

  /** The log of a socket that is bound by now. */
  #bound(transport: "tcp" | "udp", local: Endpoint): SocketLog | undefined {
    const log = this.#host.calls.open(this.hostName, transport);
    log?.tell("socket");
    if (log !== undefined) log.local = local;
    log?.tell("bind");
    return log;
  }

  #interfaceNamed(name: string): NetworkInterface {
    const found = this.#host.interfaces.find((nic) => nic.name === name);
    if (found === undefined)
      throw new NetworkError("address-not-available", `${this.hostName} has no interface ${name}`);
    return found;
  }

  /** What "::" (every address of both families), "0.0.0.0" (every IPv4 address) and an address mean to a bind. */
  #localOf(text = "::"): { local: IpAddress | undefined; family: 4 | undefined } {
    const address = canonicalAddress(text);
    if (address === undefined)
      throw new NetworkError("address-not-available", `"${text}" is not an IP address`);
    if (address === "::") return { local: undefined, family: undefined };
    if (address === "0.0.0.0") return { local: undefined, family: 4 };
    return { local: this.#host.kernel.ip.addresses.of(address), family: undefined };
  }
}

interface OpenedSocket {
  readonly socket: TcpSocket;
  readonly log: SocketLog | undefined;
}

function checkPort(port: number, least: number): void {
  if (!Number.isInteger(port) || port < least || port > 65_535) {
    throw new RangeError(`${port} is not a port: ${least} to 65535`);
  }
}

function noNames(hostName: string): Resolver {
  return {
    *addresses(name: string): Task<string[]> {
      throw new NetworkError("name-not-found", `${hostName} has no resolver that could look up ${name}`);
    },
  };
}
