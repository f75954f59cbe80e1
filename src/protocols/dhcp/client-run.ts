/** A client on a host: the machine of client.ts with a socket at an interface, and with what it does to its host. */

import {
  type DatagramSocket,
  messageOf,
  type Network,
  NetworkError,
  Signal,
  sleep,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import { DhcpClient, type DhcpClientOptions } from "./client.ts";
import type { ClientInput, ClientOutput } from "./client-types.ts";
import type { HostParameters, Lease } from "./lease.ts";
import { BROADCAST, CLIENT_PORT, parseHardwareAddress, SERVER_PORT, UNSPECIFIED } from "./wire.ts";

/** What a client does to its host. */
export interface LeaseTaker {
  /** Whether somebody else on the link has the address (RFC 5227 section 2.1.1); takes a few seconds at most. */
  probe(address: string): Task<boolean>;
  /** The host has this lease; it may have had it before, with other times or parameters. */
  bound(lease: Lease): void;
  /** The host has no address any more. */
  unbound(reason: string): void;
  /** RFC 2131 section 3.4: what a host with an address of its own was told. */
  informed?(parameters: HostParameters): void;
}

export type ClientRunOptions = Omit<DhcpClientOptions, "hardwareAddress" | "random"> & {
  /** "eth0" */
  readonly interface: string;
  /** "02:00:00:00:00:05" */
  readonly hardwareAddress: string;
};

export class DhcpClientRun {
  readonly client: DhcpClient;
  readonly #network: Network;
  readonly #options: ClientRunOptions;
  readonly #taker: LeaseTaker;
  readonly #changed = new Signal();
  readonly #tasks: TaskHandle[] = [];
  #socket: DatagramSocket | undefined;

  constructor(network: Network, options: ClientRunOptions, taker: LeaseTaker) {
    const hardwareAddress = parseHardwareAddress(options.hardwareAddress);
    if (hardwareAddress === undefined)
      throw new TypeError(`"${options.hardwareAddress}" is no hardware address`);
    this.#network = network;
    this.#options = options;
    this.#taker = taker;
    const { random, clock } = network;
    this.client = new DhcpClient(clock.nowNs(), { ...options, hardwareAddress, random });
    this.#spawn("dhcp client", this.#work());
  }

  /** Renews the lease now, or asks for one. */
  renew(): void {
    this.#tell({ kind: "renew" });
  }

  /** Gives the lease back, and asks for none until `renew`. */
  release(): void {
    this.#tell({ kind: "release" });
    // At once: who calls may take the interface away next.
    this.#do();
  }

  /** Asks for parameters only. */
  inform(address: string): void {
    this.#tell({ kind: "inform", address });
  }

  /** Says nothing more, and takes nothing back. */
  stop(): void {
    for (const task of [...this.#tasks]) task.cancel();
    this.#socket?.close();
  }

  #tell(input: ClientInput): void {
    this.client.handle(this.#network.clock.nowNs(), input);
    this.#changed.notify();
  }

  *#work(): Task {
    const { clock } = this.#network;
    yield* this.#bind();
    for (;;) {
      this.#do();
      const wakeAtNs = this.client.wakeAt() ?? Number.POSITIVE_INFINITY;
      const waitMs = Math.max(0, (wakeAtNs - clock.nowNs()) / 1e6);
      if (waitMs > 0) yield* this.#changed.wait(clock, Math.min(waitMs, WAIT_MAX_MS));
      this.client.handleTimeout(clock.nowNs());
    }
  }

  /** The port may be in use, by a client that has not ended yet. */
  *#bind(): Task {
    const at = { address: UNSPECIFIED, port: CLIENT_PORT, interface: this.#options.interface };
    for (;;) {
      try {
        const socket = yield* this.#network.bind(at);
        this.#socket = socket;
        this.#spawn("dhcp client listens", this.#listen(socket));
        return;
      } catch (error) {
        if (!(error instanceof NetworkError) || error.code !== "address-in-use") throw error;
        this.#network.log.warn(`dhcp client: ${error.message}`);
        yield* sleep(this.#network.clock, BIND_AGAIN_MS);
      }
    }
  }

  *#listen(socket: DatagramSocket): Task {
    for (;;) {
      const datagram = yield* socket.receive(WAIT_MAX_MS);
      if (datagram !== undefined) this.#tell({ kind: "message", bytes: datagram.bytes });
    }
  }

  #do(): void {
    for (let output = this.client.poll(); output !== undefined; output = this.client.poll())
      this.#perform(output);
  }

  #perform(output: ClientOutput): void {
    const { log } = this.#network;
    switch (output.kind) {
      case "send":
        this.#send(output.bytes, output.to);
        break;
      case "probe":
        this.#spawn(`dhcp probe ${output.address}`, this.#probe(output.address));
        break;
      case "bound":
        this.#taker.bound(output.lease);
        break;
      case "unbound":
        log.info(`dhcp: ${output.reason}`);
        this.#taker.unbound(output.reason);
        break;
      case "informed":
        this.#taker.informed?.(output.parameters);
        break;
      case "note":
        log.info(`dhcp: ${output.text}`);
    }
  }

  #send(bytes: Uint8Array, to: string): void {
    const address = to === "broadcast" ? BROADCAST : to;
    try {
      this.#socket?.send(bytes, { address, port: SERVER_PORT });
    } catch (error) {
      // As any loss: it is sent again.
      this.#network.log.debug(`dhcp: ${messageOf(error)}`);
    }
  }

  *#probe(address: string): Task {
    const inUse = yield* this.#taker.probe(address);
    this.#tell({ kind: "probed", address, inUse });
  }

  #spawn(name: string, task: Task): void {
    const handle = this.#network.spawn(`${name} (${this.#options.interface})`, task);
    this.#tasks.push(handle);
    handle.whenDone(() => this.#tasks.splice(this.#tasks.indexOf(handle), 1));
  }
}

/** Leases last longer than a timer can: an hour at a time. */
const WAIT_MAX_MS = 3_600_000;
const BIND_AGAIN_MS = 1_000;
