/** A UDP socket of a simulated host, without the waiting: that is `SimDatagramSocket`. */

import {
  DATAGRAMS_QUEUED_MAX,
  type Datagram,
  type Endpoint,
  isSameEndpoint,
  NetworkError,
  parseAddress,
} from "../../net/index.ts";
import type { UdpBinding, UdpLayer } from "./udp.ts";

export class UdpSocket {
  readonly binding: UdpBinding;
  /** Called when `take` has something to give or will throw. */
  onChange: () => void = () => {};
  readonly #layer: UdpLayer;
  #queue: Datagram[] = [];
  #refused: string | undefined;
  #closed = false;

  constructor(layer: UdpLayer, binding: UdpBinding) {
    this.#layer = layer;
    this.binding = binding;
  }

  get local(): Endpoint {
    const { local, family, port } = this.binding;
    return { address: local?.text ?? (family === 4 ? "0.0.0.0" : "::"), port };
  }

  /** The one whom it talks to, where it is bound to one. */
  get remote(): Endpoint | undefined {
    const { peer } = this.binding;
    return peer && { address: peer.address.text, port: peer.port };
  }

  /** Datagrams that nobody has taken yet. */
  get queued(): number {
    return this.#queue.length;
  }

  send(bytes: Uint8Array, to: Endpoint): void {
    this.#checkOpen();
    const address = parseAddress(to.address);
    if (address === undefined) throw new TypeError(`"${to.address}" is not an IP address`);
    const family = address.length === 4 ? 4 : 6;
    if (this.binding.family !== undefined && this.binding.family !== family) {
      throw new NetworkError("unreachable", `a socket at ${this.local.address} cannot send to ${to.address}`);
    }
    if (bytes.length > PAYLOAD_MAX[family]) {
      const most = `a datagram over IPv${family} carries at most ${PAYLOAD_MAX[family]}`;
      throw new NetworkError("message-too-large", `${bytes.length} octets to ${to.address}: ${most}`);
    }
    const { peer } = this.binding;
    if (peer !== undefined && !isSameEndpoint(to, { address: peer.address.text, port: peer.port })) {
      throw new TypeError(`this socket talks to ${peer.address.text} port ${peer.port} alone`);
    }
    this.#layer.send(this.binding, bytes, to.address, to.port);
  }

  sendOnLink(bytes: Uint8Array, to: Endpoint, mac: number): void {
    this.#checkOpen();
    if (this.binding.interface === undefined) throw new TypeError("this socket is bound to no interface");
    if (bytes.length > PAYLOAD_MAX[4])
      throw new NetworkError("message-too-large", `${bytes.length} octets do not fit into a datagram`);
    this.#layer.sendOnLink(this.binding, bytes, to, mac);
  }

  /** How many datagrams of `octets` the queue on the way there takes now; Infinity where there is none. */
  room(octets: number, to: Endpoint): number {
    this.#checkOpen();
    return this.#layer.room(octets, to.address);
  }

  /** The oldest datagram that waits. Throws NetworkError: "closed", "refused" (once per report). */
  take(): Datagram | undefined {
    this.#checkOpen();
    const refused = this.#refused;
    this.#refused = undefined;
    if (refused !== undefined) throw new NetworkError("refused", refused);
    return this.#queue.shift();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#queue = [];
    this.#layer.remove(this);
    this.onChange();
  }

  // ---- For UdpLayer.

  /** Whether the queue is full, so that the datagram is lost. */
  handleDatagram(bytes: Uint8Array, from: Endpoint): boolean {
    if (this.#queue.length >= DATAGRAMS_QUEUED_MAX) return true;
    this.#queue.push({ bytes, from });
    this.onChange();
    return false;
  }

  handleRefused(address: string, port: number): void {
    this.#refused = `nobody listens on UDP port ${port} of ${address}`;
    this.onChange();
  }

  #checkOpen(): void {
    if (this.#closed)
      throw new NetworkError("closed", `UDP port ${this.binding.port} was closed on our side`);
  }
}

/** RFC 768 and RFC 791 (RFC 8200): what 16 bits of length leave beside the headers. */
const PAYLOAD_MAX = { 4: 65_507, 6: 65_527 };
