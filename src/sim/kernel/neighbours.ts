/**
 * From an IP address on the link to a MAC address: the neighbour cache and its automaton, RFC 4861 section 7.3,
 * used for ARP as well (which says less about time-outs: RFC 1122 section 2.3.2). Read first: `NeighbourState`.
 * `Neighbour.send` is on the path of every packet.
 */

import type { FrameEvent } from "../capture/tap.ts";
import type { Frame } from "../link/frame.ts";
import type { Schedule, ScheduledEvent } from "../schedule.ts";
import { ETHERTYPE_IPV4, ETHERTYPE_IPV6, readMac } from "../wire/ethernet.ts";
import type { NetworkInterface } from "./interface.ts";
import type { IpAddress } from "./ip-address.ts";

export type NeighbourState =
  /** Asked, not answered yet; packets wait. */
  | "incomplete"
  /** Confirmed within REACHABLE_NS. */
  | "reachable"
  /** Known, but not confirmed for a while. */
  | "stale"
  /** Used while stale: asked again soon unless confirmed. */
  | "delay"
  /** Asked again, directly; packets go on to the known address meanwhile. */
  | "probe";

/** What the cache asks of ARP or neighbour discovery, and of the kernel. */
export interface NeighbourProtocol {
  /** Asks who has `address`: everybody, or only the MAC address where it was last. */
  solicit(nic: NetworkInterface, address: IpAddress, mac: number | undefined): void;
  /** Nobody answered for `address`; this frame cannot be delivered. */
  undeliverable(nic: NetworkInterface, frame: Frame, address: IpAddress): void;
}

export class NeighbourCache {
  readonly #nic: NetworkInterface;
  readonly #schedule: Schedule;
  readonly #protocol: NeighbourProtocol;
  readonly #byId = new Map<number, Neighbour>();

  constructor(nic: NetworkInterface, schedule: Schedule, protocol: NeighbourProtocol) {
    this.#nic = nic;
    this.#schedule = schedule;
    this.#protocol = protocol;
  }

  /** The entry of `address`, made when there is none. */
  get(address: IpAddress): Neighbour {
    let neighbour = this.#byId.get(address.id);
    if (neighbour === undefined) {
      if (this.#byId.size >= NEIGHBOURS_MAX) this.#evict();
      neighbour = new Neighbour(this, this.#nic, this.#schedule, this.#protocol, address);
      this.#byId.set(address.id, neighbour);
    }
    return neighbour;
  }

  /** The entry of `address` when there is one. */
  find(address: IpAddress): Neighbour | undefined {
    return this.#byId.get(address.id);
  }

  list(): Neighbour[] {
    return [...this.#byId.values()];
  }

  /** Ends all timers; what waits is gone. */
  close(): void {
    for (const neighbour of this.list()) neighbour.close();
  }

  /** For Neighbour only. */
  remove(neighbour: Neighbour): void {
    if (this.#byId.get(neighbour.address.id) === neighbour) this.#byId.delete(neighbour.address.id);
  }

  #evict(): void {
    const [oldest] = this.#byId.values();
    oldest.fail("the neighbour cache is full");
  }
}

export class Neighbour {
  readonly address: IpAddress;
  state: NeighbourState = "incomplete";
  /** False once the cache has forgotten it. */
  live = true;
  readonly #cache: NeighbourCache;
  readonly #nic: NetworkInterface;
  readonly #schedule: Schedule;
  readonly #protocol: NeighbourProtocol;
  /** The Ethernet header of frames to it; undefined as long as its MAC address is. */
  #header: Uint8Array | undefined;
  #confirmedAtNs = 0;
  #learnedAtNs = 0;
  #asked = 0;
  #waiting: { frame: Frame; kind: FrameEvent["kind"] }[] = [];
  #timer: ScheduledEvent | undefined;

  constructor(
    cache: NeighbourCache,
    nic: NetworkInterface,
    schedule: Schedule,
    protocol: NeighbourProtocol,
    address: IpAddress,
  ) {
    this.#cache = cache;
    this.#nic = nic;
    this.#schedule = schedule;
    this.#protocol = protocol;
    this.address = address;
  }

  get mac(): number | undefined {
    return this.#header === undefined ? undefined : readMac(this.#header, 0);
  }

  /** When it was last heard of; meaningless while its MAC address is not known. */
  get heardAtNs(): number {
    return Math.max(this.#confirmedAtNs, this.#learnedAtNs);
  }

  /** Sends a frame to it, or lets it wait for the answer. */
  send(frame: Frame, kind: FrameEvent["kind"]): void {
    if (this.#header === undefined) {
      this.#wait(frame, kind);
      return;
    }
    if (this.state === "reachable" && this.#schedule.nowNs - this.#confirmedAtNs > REACHABLE_NS) {
      this.state = "stale";
    }
    // RFC 4861 section 7.3.3: the first packet to a stale neighbour goes out, and the proof is awaited.
    if (this.state === "stale") this.#enter("delay", DELAY_FIRST_PROBE_NS);
    this.#nic.transmit(frame, this.#header, kind);
  }

  /** It said where it is. `solicited`: in answer to our question, which proves that it hears us. */
  learn(mac: number, solicited: boolean): void {
    const changed = this.mac !== mac;
    this.#learnedAtNs = this.#schedule.nowNs;
    if (changed) {
      this.#header = this.#nic.headerTo(mac, this.#etherType);
    }
    if (solicited) this.confirm();
    else if (changed || this.state === "incomplete") this.#enter("stale", undefined);
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { frame, kind } of waiting) this.send(frame, kind);
  }

  /** It is proven to hear us. */
  confirm(): void {
    if (this.#header === undefined) return;
    this.#confirmedAtNs = this.#schedule.nowNs;
    this.#enter("reachable", undefined);
  }

  /** It is forgotten, with what waited for it. */
  fail(reason: string): void {
    const waiting = this.#waiting;
    this.close();
    for (const { frame } of waiting) {
      this.#nic.dropUnsent(frame, this.#etherType, reason);
      this.#protocol.undeliverable(this.#nic, frame, this.address);
    }
  }

  close(): void {
    this.live = false;
    this.#waiting = [];
    if (this.#timer !== undefined) this.#schedule.cancel(this.#timer);
    this.#cache.remove(this);
  }

  get #etherType(): number {
    return this.address.family === 4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
  }

  #wait(frame: Frame, kind: FrameEvent["kind"]): void {
    if (this.#waiting.length >= WAITING_MAX) {
      // RFC 4861 section 7.2.2: a new packet replaces the oldest.
      const oldest = this.#waiting.shift();
      const reason = `${WAITING_MAX} packets wait for ${this.address.text} already`;
      if (oldest !== undefined) this.#nic.dropUnsent(oldest.frame, this.#etherType, reason);
    }
    this.#waiting.push({ frame, kind });
    if (this.#asked === 0) this.#ask();
  }

  /** One question, and the next one unless there is an answer in time. */
  #ask(): void {
    if (this.#asked >= SOLICITATIONS_MAX) {
      this.fail(`${this.address.text} did not answer ${SOLICITATIONS_MAX} questions for its MAC address`);
      return;
    }
    this.#asked++;
    this.#startTimer(RETRANSMIT_NS);
    this.#protocol.solicit(this.#nic, this.address, this.mac);
  }

  #enter(state: NeighbourState, afterNs: number | undefined): void {
    this.state = state;
    this.#asked = 0;
    if (this.#timer !== undefined) this.#schedule.cancel(this.#timer);
    this.#timer = undefined;
    if (afterNs !== undefined) this.#startTimer(afterNs);
  }

  #startTimer(afterNs: number): void {
    this.#timer = this.#schedule.after(afterNs, () => {
      this.#timer = undefined;
      if (this.state === "delay") this.state = "probe";
      this.#ask();
    });
  }
}

// RFC 4861 section 10.
const REACHABLE_NS = 30e9;
const DELAY_FIRST_PROBE_NS = 5e9;
/** Also the limit of RFC 1122 section 2.3.2.1: at most one ARP request per second for one destination. */
const RETRANSMIT_NS = 1e9;
const SOLICITATIONS_MAX = 3;
/** RFC 1122 section 2.3.2.2 asks for at least one; this holds a first burst of datagrams with fragments. */
const WAITING_MAX = 64;
/** As Linux keeps at most (gc_thresh3). */
const NEIGHBOURS_MAX = 1024;
