/** What passes in a world, line by line, to compare with what should: "0.000 origin a/eth0 Who has 10.0.0.2? ...". */

import type { FrameEvent, Tap } from "../capture/tap.ts";
import {
  describeArp,
  describeIcmp,
  describeIcmpv6,
  describeIpv4,
  describeIpv6,
  describeNeighbour,
  describeUdp,
  ETHERTYPE_ARP,
  NEIGHBOUR_ADVERTISEMENT,
  NEIGHBOUR_SOLICITATION,
  parseArp,
  parseEthernet,
  parseIcmp,
  parseIcmpv6,
  parseIpv4Packet,
  parseIpv6Packet,
  parseNeighbour,
  parseUdp,
} from "../wire/index.ts";
import type { World } from "../world.ts";

export class Transcript implements Tap {
  readonly events: FrameEvent[] = [];
  readonly #world: World;
  readonly stop: () => void;

  constructor(world: World) {
    this.#world = world;
    this.stop = world.addTap(this);
  }

  handleFrame(event: FrameEvent): void {
    this.events.push(event);
  }

  /** The lines of the given kinds (absent: all), with the time in ms; forgets them. */
  take(...kinds: FrameEvent["kind"][]): string[] {
    const events = this.events.splice(0);
    return events
      .filter((event) => kinds.length === 0 || kinds.includes(event.kind))
      .map((event) => this.#line(event));
  }

  #line(event: FrameEvent): string {
    const { hostName, name } = this.#world.interfaces[event.interfaceId];
    const reason = event.reason === undefined ? "" : ` (${event.reason})`;
    const ms = (event.timeNs / 1e6).toFixed(0);
    return `${ms} ${event.kind} ${hostName}/${name}: ${describeFrame(event.bytes)}${reason}`;
  }
}

function describeFrame(bytes: Uint8Array): string {
  const ethernet = parseEthernet(bytes);
  const start = ethernet.payloadStart;
  if (ethernet.etherType === ETHERTYPE_ARP) return describeArp(parseArp(bytes, start));
  if (bytes[start] >> 4 === 4) {
    const packet = parseIpv4Packet(bytes, start);
    const isFirst = packet.fragmentOffset === 0 && !packet.moreFragments;
    return describeUpper(describeIpv4(packet), bytes, { ...packet, isWhole: isFirst });
  }
  const packet = parseIpv6Packet(bytes, start);
  return describeUpper(describeIpv6(packet), bytes, { ...packet, isWhole: packet.fragment === undefined });
}

function describeUpper(
  ip: string,
  bytes: Uint8Array,
  upper: { protocol: number; payloadStart: number; payloadEnd: number; isWhole: boolean },
): string {
  const { protocol, payloadStart, payloadEnd } = upper;
  if (!upper.isWhole) return ip;
  if (protocol === 1) return `${ip}: ${describeIcmp(parseIcmp(bytes, payloadStart, payloadEnd))}`;
  if (protocol === 17) return `${ip}: ${describeUdp(parseUdp(bytes, payloadStart, payloadEnd))}`;
  if (protocol !== 58) return ip;
  const type = bytes[payloadStart];
  if (type === NEIGHBOUR_SOLICITATION || type === NEIGHBOUR_ADVERTISEMENT) {
    return describeNeighbour(parseNeighbour(bytes, payloadStart, payloadEnd));
  }
  return `${ip}: ${describeIcmpv6(parseIcmpv6(bytes, payloadStart, payloadEnd))}`;
}
