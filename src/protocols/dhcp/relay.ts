/**
 * A relay agent: RFC 1542 section 4, RFC 2131 section 4.1. Hosts of a link without a server are heard by one elsewhere: the
 * relay hands their broadcasts on, with its own address on their link, and brings the answers back. It keeps nothing.
 */

import {
  type DatagramSocket,
  familyOf,
  type LocalInterface,
  messageOf,
  type Network,
  NetworkError,
  type Task,
  type TaskHandle,
} from "../../net/index.ts";
import { addressBytes } from "./options.ts";
import {
  BROADCAST,
  CLIENT_PORT,
  type DhcpMessage,
  formatHardwareAddress,
  HARDWARE_ETHERNET,
  parseMessage,
  SERVER_PORT,
  UNSPECIFIED,
} from "./wire.ts";

export interface DhcpRelay {
  readonly interfaces: readonly string[];
  stop(): Task;
}

/** Throws NetworkError as `bind` does. */
export function* relayDhcp(network: Network, servers: readonly string[]): Task<DhcpRelay> {
  const relay = new Relay(network, servers);
  yield* relay.start();
  return relay;
}

class Relay implements DhcpRelay {
  readonly #network: Network;
  readonly #servers: readonly string[];
  readonly #sockets = new Map<string, DatagramSocket>();
  readonly #tasks: TaskHandle[] = [];
  /** To the servers, whichever way they are. */
  #onward: DatagramSocket | undefined;

  constructor(network: Network, servers: readonly string[]) {
    this.#network = network;
    this.#servers = servers;
  }

  get interfaces(): readonly string[] {
    return [...this.#sockets.keys()];
  }

  *start(): Task {
    try {
      this.#onward = yield* this.#network.bind({ address: UNSPECIFIED, port: 0 });
      for (const { name } of this.#network.interfaces()) {
        const at = { address: UNSPECIFIED, port: SERVER_PORT, interface: name };
        this.#sockets.set(name, yield* this.#network.bind(at));
      }
    } catch (error) {
      this.#close();
      throw error;
    }
    for (const [name, socket] of this.#sockets)
      this.#tasks.push(this.#network.spawn(`dhcp relay on ${name}`, this.#listen(name, socket)));
  }

  *stop(): Task {
    this.#close();
  }

  *#listen(name: string, socket: DatagramSocket): Task {
    for (;;) {
      const datagram = yield* socket.receive(LISTEN_MS);
      if (datagram === undefined) continue;
      try {
        this.#handle(name, datagram.bytes);
      } catch (error) {
        if (error instanceof NetworkError && ["closed", "cancelled"].includes(error.code)) throw error;
        this.#network.log.debug(`dhcp relay: ${messageOf(error)}`);
      }
    }
  }

  #handle(name: string, bytes: Uint8Array): void {
    const message = parseMessage(bytes);
    if (message.operation === "request") this.#handOn(name, bytes, message);
    else this.#bringBack(bytes, message);
  }

  /** RFC 1542 section 4.1.1: a request gets the address of the link that it came from, and goes to each server. */
  #handOn(name: string, bytes: Uint8Array, { hops, relayAddress, clientAddress }: DhcpMessage): void {
    const own = this.#network.interfaces().find((each) => each.name === name);
    const local = own && ipv4Of(own)[0];
    // Who has an address finds the server without us.
    if (local === undefined || hops >= HOPS_MAX || clientAddress !== UNSPECIFIED) return;
    const onward = bytes.slice();
    onward[HOPS_AT] = hops + 1;
    if (relayAddress === UNSPECIFIED) onward.set(addressBytes(local), RELAY_ADDRESS_AT);
    for (const address of this.#servers) this.#onward?.send(onward, { address, port: SERVER_PORT });
  }

  /** RFC 1542 section 4.1.2: a reply goes to the link that its relay address is on. */
  #bringBack(bytes: Uint8Array, message: DhcpMessage): void {
    const { relayAddress, yourAddress, hardwareType, hardwareAddress, broadcast } = message;
    const link = this.#network.interfaces().find((each) => ipv4Of(each).includes(relayAddress));
    const socket = link && this.#sockets.get(link.name);
    const isKnown = hardwareType === HARDWARE_ETHERNET && hardwareAddress.length === 6;
    if (broadcast || !isKnown || yourAddress === UNSPECIFIED || socket?.sendOnLink === undefined)
      socket?.send(bytes, { address: BROADCAST, port: CLIENT_PORT });
    else {
      const to = { address: yourAddress, port: CLIENT_PORT };
      socket.sendOnLink(bytes, to, formatHardwareAddress(hardwareAddress));
    }
  }

  #close(): void {
    for (const task of this.#tasks) task.cancel();
    for (const socket of this.#sockets.values()) socket.close();
    this.#onward?.close();
  }
}

function ipv4Of({ addresses }: LocalInterface): string[] {
  return addresses.map((text) => text.split("/")[0]).filter((address) => familyOf(address) === 4);
}

const HOPS_AT = 3;
const RELAY_ADDRESS_AT = 24;
/** RFC 1542 section 4.1.1: more are a loop. */
const HOPS_MAX = 16;
/** Nothing depends on it: a turn of the loop now and then. */
const LISTEN_MS = 3_600_000;
