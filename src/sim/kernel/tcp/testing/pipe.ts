/**
 * Two hosts and a cable, as small and as exact as a test can have them: TCP stands directly on `TestHost`, which
 * is an IP layer without IP. Segments cross in `delayMs` plus their time at `bandwidthBps`, in order, unless `fault`
 * says otherwise.
 */

import { SeededRandom } from "../../../random.ts";
import { Schedule } from "../../../schedule.ts";
import { parseTcpHeader, type TcpHeader } from "../../../wire/tcp.ts";
import { AddressTable, type IpAddress } from "../../ip-address.ts";
import { HEADROOM, type IpLayer, type ReceivedPacket, type TransportHeader } from "../../transport.ts";
import { TcpLayer } from "../layer.ts";
import type { TcpListener } from "../listener.ts";
import type { TcpOptions } from "../options.ts";
import type { TcpSocket } from "../socket.ts";

/** A segment that is about to cross. */
export class Crossing {
  readonly from: TestHost;
  readonly reason: string | undefined;
  readonly bytes: Uint8Array;
  readonly atNs: number;
  #header: TcpHeader | undefined;

  constructor(from: TestHost, bytes: Uint8Array, reason: string | undefined, atNs: number) {
    this.from = from;
    this.bytes = bytes;
    this.reason = reason;
    this.atNs = atNs;
  }

  /** Parsed when it is asked for. */
  get header(): TcpHeader {
    this.#header ??= parseTcpHeader(this.bytes, HEADROOM);
    return this.#header;
  }
}

/** What happens to it: the extra delays of its copies; none: it is lost. Bytes may be changed. */
export type Fault = (crossing: Crossing) => readonly number[];

export interface PipeOptions {
  readonly seed?: number;
  readonly delayMs?: number;
  readonly bandwidthBps?: number;
  readonly mtu?: number;
  readonly fault?: Fault;
  /** False: bytes may have been changed, so that checksums are verified. */
  readonly intact?: boolean;
  readonly client?: Partial<TcpOptions>;
  readonly server?: Partial<TcpOptions>;
  /** Use IPv6 addresses. */
  readonly ipv6?: boolean;
}

export class Pipe {
  readonly schedule = new Schedule();
  readonly addresses = new AddressTable();
  readonly client: TestHost;
  readonly server: TestHost;
  readonly intact: boolean;
  /** Sees every segment that is sent. */
  onSend: (crossing: Crossing) => void = () => {};
  fault: Fault;
  readonly #delayNs: number;
  readonly #nsPerOctet: number;

  constructor(options: PipeOptions = {}) {
    const seed = options.seed ?? 1;
    this.#delayNs = (options.delayMs ?? 1) * 1e6;
    this.#nsPerOctet = options.bandwidthBps === undefined ? 0 : 8e9 / options.bandwidthBps;
    this.intact = options.intact ?? true;
    this.fault = options.fault ?? (() => PASS);
    const [client, server] = options.ipv6 ? ["2001:db8::1", "2001:db8::2"] : ["192.0.2.1", "192.0.2.2"];
    const mtu = options.mtu ?? 1500;
    this.client = new TestHost(this, client, new SeededRandom(seed, "client"), mtu, options.client ?? {});
    this.server = new TestHost(this, server, new SeededRandom(seed, "server"), mtu, options.server ?? {});
  }

  /** A connection from the client to a port of the server; run the schedule to complete it. */
  connect(port = 80): { client: TcpSocket; listener: TcpListener } {
    const listener = this.server.tcp.listen(undefined, port, 16);
    return { client: this.client.tcp.connect(this.server.address, port), listener };
  }

  /** An established connection: both its ends. */
  establish(port = 80): { client: TcpSocket; server: TcpSocket } {
    const { client, listener } = this.connect(port);
    let server: TcpSocket | undefined;
    while (server === undefined && this.schedule.step()) server = listener.accept();
    if (server === undefined) throw new Error("the connection was not established");
    return { client, server };
  }

  runUntil(timeNs: number): void {
    for (
      let next = this.schedule.nextAtNs;
      next !== undefined && next <= timeNs;
      next = this.schedule.nextAtNs
    )
      this.schedule.step();
    this.schedule.advanceTo(timeNs);
  }

  runFor(durationMs: number): void {
    this.runUntil(this.schedule.nowNs + durationMs * 1e6);
  }

  /** Runs until nothing is scheduled any more; throws when that takes more than `eventsMax` events. */
  runUntilIdle(eventsMax = 1_000_000): void {
    for (let i = 0; this.schedule.step(); i++)
      if (i >= eventsMax) throw new Error(`still busy after ${i} events`);
  }

  /** For TestHost: carries a packet to the other host. */
  carry(from: TestHost, packet: Uint8Array, header: TransportHeader): void {
    const crossing = new Crossing(from, packet, header.reason, this.schedule.nowNs);
    this.onSend(crossing);
    const to = from === this.client ? this.server : this.client;
    const copies = this.fault(crossing);
    const octets = packet.length - HEADROOM + LOWER_HEADERS;
    from.busyUntilNs =
      Math.max(from.busyUntilNs, this.schedule.nowNs) + Math.round(octets * this.#nsPerOctet);
    for (const extraNs of copies)
      this.schedule.at(from.busyUntilNs + this.#delayNs + extraNs, () => to.deliver(packet, header));
  }
}

class TestHost implements IpLayer {
  readonly schedule: Schedule;
  readonly random: SeededRandom;
  readonly addresses: AddressTable;
  readonly address: IpAddress;
  readonly tcp: TcpLayer;
  mtu: number;
  busyUntilNs = 0;
  readonly #pipe: Pipe;

  constructor(pipe: Pipe, address: string, random: SeededRandom, mtu: number, options: Partial<TcpOptions>) {
    this.#pipe = pipe;
    this.schedule = pipe.schedule;
    this.addresses = pipe.addresses;
    this.address = pipe.addresses.of(address);
    this.random = random;
    this.mtu = mtu;
    this.tcp = new TcpLayer(this, options);
  }

  sourceFor(remote: IpAddress): IpAddress | undefined {
    return remote.family === this.address.family ? this.address : undefined;
  }

  isLocal(address: IpAddress): boolean {
    return address === this.address;
  }

  mtuTo(): number {
    return this.mtu;
  }

  allocate(length: number): Uint8Array {
    return new Uint8Array(HEADROOM + length);
  }

  send(packet: Uint8Array, header: TransportHeader): void {
    this.#pipe.carry(this, packet, header);
  }

  deliver(bytes: Uint8Array, { source, destination }: TransportHeader): void {
    const packet: ReceivedPacket = {
      bytes,
      start: HEADROOM,
      end: bytes.length,
      source,
      destination,
      ttl: 64,
      intact: this.#pipe.intact,
      drop() {},
    };
    this.tcp.handlePacket(packet);
  }
}

/** One copy, on time. */
export const PASS: readonly number[] = [0];
export const LOST: readonly number[] = [];
/** IP and Ethernet, as the bandwidth counts them. */
const LOWER_HEADERS = 20 + 14;
