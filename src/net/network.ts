/**
 * One host's view of the world: what every server and client of Hamlet is given, and all it may use.
 * Implemented by `os/` (the machine's own sockets) and by `sim/` (a host of the simulated internet);
 * one shared suite, `net/testing/network-suite.ts`, holds for both.
 */

import type { AddressFamily, Endpoint } from "./address.ts";
import type { Clock } from "./clock.ts";
import type { Connection } from "./connection.ts";
import type { Random } from "./random.ts";
import type { Task, TaskHandle } from "./task.ts";

export interface Network {
  /** The host's own name, e.g. "mail.hamburger.edu". */
  readonly hostName: string;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Log;
  readonly resolver: Resolver;
  /** The host's own interfaces with the addresses that they have now, the loopback interface left out. */
  interfaces(): readonly LocalInterface[];
  /** ICMP echo, where the host may send it (in the lab; not on the operating system without root). */
  readonly pinger: Pinger | undefined;

  /**
   * Opens a TCP connection to `host` (a name or an address; the addresses of a name are tried in turn).
   * Throws NetworkError: refused, timed-out, unreachable, name-not-found, reset.
   */
  connect(host: string, port: number, options: ConnectOptions): Task<Connection>;
  /** Starts to accept TCP connections. Throws NetworkError: address-in-use, permission, address-not-available. */
  listen(options: ListenOptions): Task<Listener>;
  /** Opens a UDP socket. Throws as `listen` does; with a `peer` also unreachable, where that is known by then. */
  bind(options: DatagramOptions): Task<DatagramSocket>;
  /** Runs a task beside the others of this host. `name` is what a list of tasks shows. */
  spawn<T>(name: string, task: Task<T>): TaskHandle<T>;
}

/** A network interface as its host knows it. */
export interface LocalInterface {
  /** "eth0" */
  readonly name: string;
  /** "02:00:00:00:00:05" */
  readonly hardwareAddress: string;
  /** With their prefix lengths: "192.168.1.5/24". */
  readonly addresses: readonly string[];
}

export interface ConnectOptions {
  /** Limit for name look-up and handshake together. */
  readonly timeoutMs: number;
  /** Only addresses of this family. */
  readonly family?: AddressFamily;
}

export interface BindOptions {
  /** 0 takes a free port. */
  readonly port: number;
  /**
   * A local address; "0.0.0.0" means every IPv4 address, "::" every address of both families (dual-stack;
   * IPv4 peers then appear as plain IPv4 addresses, never as mapped ones). Absent: "::".
   */
  readonly address?: string;
}

export interface DatagramOptions extends BindOptions {
  /**
   * The one whom this socket talks to, for clients: it sends nowhere else, what others send to it is dropped, and
   * that nobody listens there is reported as "refused" on every network. Absent: it talks to anybody.
   */
  readonly peer?: Endpoint;
  /**
   * The one interface that this socket sends and hears by, whatever the routes say, and even before it has an address:
   * broadcasts to 255.255.255.255 leave there. For who gives addresses or gets one. Several sockets may have one port, each
   * at its interface. Throws "address-not-available" where there is no such interface, or no way to be bound to one.
   */
  readonly interface?: string;
}

export interface ListenOptions extends BindOptions {
  /**
   * How many connections may wait for `accept`; the network refuses or ignores more. Absent: BACKLOG_DEFAULT, before which
   * an operating system keeps a longer queue of its own.
   */
  readonly backlog?: number;
}

/** As Linux's SOMAXCONN has been for decades, and still is in most other systems. */
export const BACKLOG_DEFAULT = 128;

export interface Listener {
  readonly local: Endpoint;
  /** The next connection; throws NetworkError "closed" once the listener is closed. */
  accept(): Task<Connection>;
  /** Stops listening; connections already accepted live on, those that wait are reset. */
  close(): void;
}

export interface Datagram {
  readonly bytes: Uint8Array;
  readonly from: Endpoint;
}

export interface DatagramSocket {
  readonly local: Endpoint;
  /**
   * Sends one datagram to an address (not a name). Never waits: what does not fit into a queue is lost, as in UDP.
   * Takes a copy, so that the caller may change `bytes` afterwards.
   */
  send(bytes: Uint8Array, to: Endpoint): void;
  /**
   * As `send`, to that hardware address on the link of the socket's `interface`: to somebody who cannot be asked for it,
   * having no address yet. Absent where the network has no way to do it.
   */
  sendOnLink?(bytes: Uint8Array, to: Endpoint, hardwareAddress: string): void;
  /**
   * For who sends as much as goes: gives others their turn, waits while this host's own queue on the way there is full,
   * and says how many datagrams of `octets` it takes then, at least 1. Time passes meanwhile, in the simulation too.
   */
  room(octets: number, to: Endpoint): Task<number>;
  /**
   * The next datagram, or undefined after `timeoutMs`. Throws NetworkError: "closed" once closed, "refused" when
   * the network reported that nobody listens where we sent (ICMP port unreachable): surely with a `peer`, else
   * where the network can tell.
   */
  receive(timeoutMs: number): Task<Datagram | undefined>;
  close(): void;
}

/** Datagrams that wait in a socket for `receive`; more are dropped, as the kernel does (about 212 KB on Linux). */
export const DATAGRAMS_QUEUED_MAX = 256;

/** From names to addresses; what a host uses unless a protocol brings its own. */
export interface Resolver {
  /** Canonical addresses in the order to try, at least one. Throws NetworkError: name-not-found, name-server-failed. */
  addresses(name: string, family?: AddressFamily): Task<string[]>;
}

export interface Pinger {
  /** Sends one ICMP echo request and waits for its answer. Throws NetworkError: timed-out, unreachable. */
  ping(address: string, options: PingOptions): Task<PingReply>;
  /** For many requests, and every answer that comes for them. Throws NetworkError: unreachable, too-many. */
  open(address: string): EchoSocket;
}

/** ICMP echo with one host, until it is closed. */
export interface EchoSocket {
  /** Throws NetworkError: unreachable, message-too-large. */
  send(request: EchoRequest): void;
  /** The next answer, whichever request it is to; undefined after the time. */
  receive(timeoutMs: number): Task<EchoAnswer | undefined>;
  close(): void;
}

export interface EchoRequest {
  /** The packet has its lowest 16 bits. */
  readonly sequence: number;
  readonly payload: Uint8Array;
  /** Time to live (hop limit) of the request; absent: 64. */
  readonly ttl?: number;
}

export interface EchoAnswer {
  /** Of the request: 16 bits. */
  readonly sequence: number;
  /** Who answered, which is a router when the time to live ran out. */
  readonly from: string;
  readonly kind: "reply" | "time-exceeded" | "unreachable";
  readonly ttl: number;
}

export interface PingOptions extends EchoRequest {
  readonly timeoutMs: number;
}

export interface PingReply extends EchoAnswer {
  readonly roundTripNs: number;
}

/** What the operator sees, apart from what the peer sees. */
export interface Log {
  debug(text: string): void;
  info(text: string): void;
  warn(text: string): void;
  error(text: string): void;
}

export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} };
