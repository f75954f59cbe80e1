/**
 * A learning switch (IEEE 802.1D-2004 clause 7): it learns behind which port a MAC address lives, sends to that
 * port alone, and floods what it does not know. It has no spanning tree: the world refuses a loop of switches.
 */

import type { Schedule } from "../schedule.ts";
import { formatMac, isGroupMac, readMac } from "../wire/ethernet.ts";
import type { Frame } from "./frame.ts";
import type { LinkEnd, Outgoing } from "./link.ts";
import type { Taps } from "./taps.ts";

/** What a switch needs of its world. */
export interface SwitchWorld {
  readonly schedule: Schedule;
  readonly taps: Taps;
  /** Makes a port known and gives it its number. */
  register(make: (id: number, macAddress: number) => SwitchPort): SwitchPort;
}

export class Switch {
  readonly name: string;
  readonly ports: SwitchPort[] = [];
  readonly #world: SwitchWorld;
  readonly #learned = new Map<number, { port: SwitchPort; seenAtNs: number }>();
  #portsMade = 0;

  constructor(world: SwitchWorld, name: string) {
    this.#world = world;
    this.name = name;
  }

  /** A further port: "port1", "port2", ... */
  addPort(given?: string): SwitchPort {
    const name = given ?? `port${this.#portsMade + 1}`;
    this.#portsMade++;
    const port = this.#world.register((id, macAddress) => new SwitchPort(this, id, name, macAddress));
    this.ports.push(port);
    return port;
  }

  /** The port behind which `macAddress` was seen lately. */
  portOf(macAddress: number): SwitchPort | undefined {
    const entry = this.#learned.get(macAddress);
    if (entry === undefined) return undefined;
    if (this.#world.schedule.nowNs - entry.seenAtNs <= LEARNED_AGE_NS) return entry.port;
    this.#learned.delete(macAddress);
    return undefined;
  }

  /** Takes a port away, with what was learned behind it. */
  removePort(port: SwitchPort): void {
    const at = this.ports.indexOf(port);
    if (at === -1) return;
    this.ports.splice(at, 1);
    for (const [macAddress, entry] of this.#learned)
      if (entry.port === port) this.#learned.delete(macAddress);
  }

  /** For SwitchPort only. */
  handle(frame: Frame, from: SwitchPort): void {
    if (frame.length < MAC_ADDRESSES_LENGTH) return;
    this.#learn(readMac(frame.bytes, frame.start + 6), from);
    const destination = readMac(frame.bytes, frame.start);
    const port = isGroupMac(destination) ? undefined : this.portOf(destination);
    if (port === undefined) this.#flood(frame, from);
    else if (port !== from) this.#send(frame, port);
  }

  #learn(source: number, port: SwitchPort): void {
    if (isGroupMac(source)) return;
    const entry = this.#learned.get(source);
    if (entry !== undefined) {
      entry.port = port;
      entry.seenAtNs = this.#world.schedule.nowNs;
    } else if (this.#learned.size < LEARNED_MAX) {
      this.#learned.set(source, { port, seenAtNs: this.#world.schedule.nowNs });
    }
  }

  #flood(frame: Frame, from: SwitchPort): void {
    for (const port of this.ports) {
      if (port !== from && port.outgoing !== undefined) this.#send(frame.duplicate(), port);
    }
  }

  #send(frame: Frame, port: SwitchPort): void {
    if (port.outgoing === undefined) return;
    this.#world.taps.tell("forward", port.id, frame);
    port.outgoing.send(frame);
  }
}

export class SwitchPort implements LinkEnd {
  readonly id: number;
  readonly name: string;
  readonly mac: string;
  readonly owner: Switch;
  readonly addresses: readonly string[] = [];
  outgoing: Outgoing | undefined;

  constructor(owner: Switch, id: number, name: string, macAddress: number) {
    this.owner = owner;
    this.id = id;
    this.name = name;
    this.mac = formatMac(macAddress);
  }

  get hostName(): string {
    return this.owner.name;
  }

  receive(frame: Frame): void {
    this.owner.handle(frame, this);
  }
}

const MAC_ADDRESSES_LENGTH = 12;
/** IEEE 802.1D-2004 table 7-5: the recommended ageing time. */
const LEARNED_AGE_NS = 300e9;
/** The table of a small managed switch; what does not fit is flooded. */
const LEARNED_MAX = 8192;
