/**
 * A server on a host: a socket at each interface, the lease table in a store. What must stay true: what is acknowledged is
 * in the store before; all that has arrived meanwhile is written down together.
 */

import {
  type Datagram,
  type DatagramSocket,
  familyOf,
  type LocalInterface,
  messageOf,
  type Network,
  NetworkError,
  Signal,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import { DhcpServer } from "./server.ts";
import type { DhcpServerConfiguration, ReplyAddress, ServerOutput } from "./server-types.ts";
import type { LeaseStore, StoredLease } from "./store.ts";
import { isInSubnet } from "./subnets.ts";
import { BROADCAST, CLIENT_PORT, SERVER_PORT } from "./wire.ts";

export interface DhcpServiceOptions {
  /** Those on which it serves; absent: all that have an IPv4 address. */
  readonly interfaces?: readonly string[];
  /** What it gives, for a host with these interfaces; asked again when their addresses have changed. */
  readonly configuration: (interfaces: readonly LocalInterface[]) => DhcpServerConfiguration;
  readonly store: LeaseStore;
}

export interface DhcpService {
  readonly server: DhcpServer;
  /** Where it serves. */
  readonly interfaces: readonly string[];
  /** Takes the lease of an address back, durably. */
  revoke(address: string): boolean;
  stop(): Task;
}

/** Throws NetworkError as `bind` does, LocalError when the store cannot be used or the configuration cannot be right. */
export function* serveDhcp(network: Network, options: DhcpServiceOptions): Task<DhcpService> {
  const run = new DhcpServerRun(network, options, yield* options.store.leases());
  yield* run.start();
  return run;
}

class DhcpServerRun implements DhcpService {
  readonly server: DhcpServer;
  readonly #network: Network;
  readonly #options: DhcpServiceOptions;
  readonly #sockets = new Map<string, DatagramSocket>();
  readonly #tasks: TaskHandle[] = [];
  readonly #changed = new Signal();
  #local: readonly LocalInterface[];

  constructor(network: Network, options: DhcpServiceOptions, leases: readonly StoredLease[]) {
    this.#network = network;
    this.#options = options;
    this.#local = network.interfaces();
    this.server = new DhcpServer({
      configuration: options.configuration(this.#local),
      epochMs: network.clock.unixMs() - network.clock.nowNs() / 1e6,
      leases,
      ownAddresses: () => this.#local.flatMap(ipv4Of),
    });
  }

  get interfaces(): readonly string[] {
    return [...this.#sockets.keys()];
  }

  *start(): Task {
    const wanted = this.#options.interfaces;
    const names = wanted ?? this.#local.filter((nic) => ipv4Of(nic).length > 0).map(({ name }) => name);
    if (names.length === 0)
      throw new NetworkError(
        "address-not-available",
        `${this.#network.hostName} has no IPv4 address to serve from`,
      );
    try {
      for (const name of names) {
        const at = { address: "0.0.0.0", port: SERVER_PORT, interface: name };
        this.#sockets.set(name, yield* this.#network.bind(at));
      }
    } catch (error) {
      this.#close();
      throw error;
    }
    for (const [name, socket] of this.#sockets) this.#spawn(`dhcp on ${name}`, this.#listen(name, socket));
    this.#spawn("dhcp", this.#work());
  }

  revoke(address: string): boolean {
    const was = this.server.revoke(address);
    this.#changed.notify();
    return was;
  }

  *stop(): Task {
    this.#close();
  }

  *#listen(name: string, socket: DatagramSocket): Task {
    for (;;) {
      const datagram = yield* socket.receive(LISTEN_MS);
      if (datagram !== undefined) this.#handleDatagram(name, datagram);
    }
  }

  #handleDatagram(name: string, { bytes }: Datagram): void {
    this.#lookAtInterfaces();
    const local = this.#serverIdentifier(name);
    // An interface that has lost its address cannot answer.
    if (local === undefined) return;
    const nowNs = this.#network.clock.nowNs();
    this.server.handle(nowNs, { kind: "message", bytes, arrival: { interface: name, local } });
    this.#changed.notify();
  }

  /** What the machine wants done, until it wants nothing more. */
  *#work(): Task {
    for (;;) {
      yield* this.#do();
      yield* this.#changed.wait(this.#network.clock, LISTEN_MS);
    }
  }

  *#do(): Task {
    for (;;) {
      const outputs: ServerOutput[] = [];
      for (let each = this.server.poll(); each !== undefined; each = this.server.poll()) outputs.push(each);
      if (outputs.length === 0) return;
      const isSaved = yield* this.#save(outputs);
      for (const output of outputs) {
        if (output.kind === "note") this.#network.log[output.level](`dhcp: ${output.text}`);
        else if (output.kind === "ping")
          this.#spawn(`dhcp ping ${output.address}`, this.#ping(output.address));
        else if (output.kind === "send" && isSaved) this.#send(output.interface, output.bytes, output.to);
      }
    }
  }

  /** Whether all is in the store that must be; if not, nobody gets an answer, and asks again. */
  *#save(outputs: readonly ServerOutput[]): Task<boolean> {
    const leases = outputs.flatMap((output) => (output.kind === "save" ? [output.lease] : []));
    if (leases.length === 0) return true;
    try {
      yield* this.#options.store.save(leases);
      return true;
    } catch (error) {
      this.#network.log.error(`dhcp: ${messageOf(error)}`);
      return false;
    }
  }

  #send(name: string, bytes: Uint8Array, to: ReplyAddress): void {
    const socket = this.#sockets.get(name);
    try {
      if (to.kind === "relay") socket?.send(bytes, { address: to.address, port: SERVER_PORT });
      else if (to.kind === "unicast") socket?.send(bytes, { address: to.address, port: CLIENT_PORT });
      else if (to.kind === "link" && socket?.sendOnLink !== undefined)
        socket.sendOnLink(bytes, { address: to.address, port: CLIENT_PORT }, to.hardwareAddress);
      // RFC 2131 section 4.1: if unicasting is not possible, the message MAY be broadcast.
      else socket?.send(bytes, { address: BROADCAST, port: CLIENT_PORT });
    } catch (error) {
      this.#network.log.warn(`dhcp: ${messageOf(error)}`);
    }
  }

  *#ping(address: string): Task {
    const { pinger, clock } = this.#network;
    let answered = false;
    try {
      const reply = yield* pinger?.ping(address, PING) ?? NOBODY();
      answered = reply?.kind === "reply" && reply.from === address;
    } catch (error) {
      if (!(error instanceof NetworkError) || error.code === "cancelled") throw error;
    }
    this.server.handle(clock.nowNs(), { kind: "pinged", address, answered });
    this.#changed.notify();
  }

  /** Addresses may change while it runs. */
  #lookAtInterfaces(): void {
    const now = this.#network.interfaces();
    if (JSON.stringify(now) === JSON.stringify(this.#local)) return;
    this.#local = now;
    try {
      this.server.configure(this.#options.configuration(now));
    } catch (error) {
      this.#network.log.error(`dhcp: ${messageOf(error)}`);
    }
  }

  /** The address by which clients of that link know this server. */
  #serverIdentifier(name: string): string | undefined {
    const addresses = this.#local.filter((nic) => nic.name === name).flatMap(ipv4Of);
    const { subnets } = this.server.configuration;
    return addresses.find((each) => subnets.some((subnet) => isInSubnet(subnet, each))) ?? addresses[0];
  }

  #spawn(name: string, task: Task): void {
    const handle = this.#network.spawn(name, task);
    this.#tasks.push(handle);
    handle.whenDone(() => this.#tasks.splice(this.#tasks.indexOf(handle), 1));
  }

  #close(): void {
    for (const task of [...this.#tasks]) task.cancel();
    for (const socket of this.#sockets.values()) socket.close();
  }
}

function ipv4Of({ addresses }: LocalInterface): string[] {
  return addresses.flatMap((text) => {
    const [address] = text.split("/");
    return familyOf(address) === 4 ? [address] : [];
  });
}

function* NOBODY(): Task<undefined> {
  return undefined;
}

/** Nothing depends on it: a turn of the loop now and then. */
const LISTEN_MS = 3_600_000;
/** ISC's server waits a second; hosts of a link answer in milliseconds. */
const PING = { sequence: 1, payload: new Uint8Array(32), timeoutMs: 500 };
