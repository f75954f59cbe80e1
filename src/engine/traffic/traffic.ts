/**
 * What moves on the links, for the drawing: packets that left, one by one while they are few, and how busy each link is.
 * Collects only while somebody watches. What must stay true: bounded work and memory per tick, whatever the world does.
 */

import { dissect } from "../../dissect/index.ts";
import type { FrameEvent, Link, Tap, World } from "../../sim/index.ts";
import type { HopView, LoadView } from "../protocol/index.ts";

export class Traffic implements Tap {
  readonly #world: World;
  #places = new Map<number, Place>();
  /** What was collected last: the same for every console. */
  latest: Collected | undefined;
  #isQuiet = false;
  #linkCount = -1;
  #hops: Hop[] = [];
  #omitted = 0;
  #last: { readonly nowNs: number; readonly octets: ReadonlyMap<string, number> } | undefined;

  constructor(world: World) {
    this.#world = world;
  }

  handleFrame(event: FrameEvent): void {
    if (event.kind === "receive") return;
    const place = this.#placeOf(event.interfaceId);
    if (place === undefined) return;
    if (event.kind === "drop") this.#lose(event);
    else if (this.#hops.length < HOPS_MAX) this.#hops.push({ event, place, lost: false });
    else this.#omitted++;
  }

  /** Makes what came since the last call the latest; does nothing when there was nothing. */
  collect(): void {
    const loads = this.#loads();
    if (this.#hops.length === 0 && loads.every(({ busy }) => busy === 0) && this.#isQuiet) return;
    this.#isQuiet = this.#hops.length === 0;
    const serial = (this.latest?.serial ?? 0) + 1;
    const { nowNs } = this.#world;
    const before = this.latest?.loads;
    const changed =
      before === undefined ? loads : loads.filter((load) => !isSame(load, before.get(keyOf(load))));
    this.latest = {
      ...{ serial, nowNs, hops: this.#hops.map(viewOf), omitted: this.#omitted, changed },
      loads: new Map(loads.map((load) => [keyOf(load), load])),
    };
    this.#hops = [];
    this.#omitted = 0;
  }

  /** A link tells the loss right after it was given the packet; what a host drops is not on a link any more. */
  #lose({ packetId, interfaceId }: FrameEvent): void {
    const hop = this.#hops.findLast(({ event }) => event.packetId === packetId);
    if (hop?.event.interfaceId === interfaceId) hop.lost = true;
  }

  #loads(): LoadView[] {
    const { nowNs } = this.#world;
    const before = this.#last;
    const octets = new Map<string, number>();
    const loads = this.#world.links.flatMap((link) =>
      ([0, 1] as const).map((direction) => {
        const side = direction === 0 ? "a-to-b" : "b-to-a";
        const { sentPackets, sentBytes, droppedPackets } = link.counters(side);
        const key = `${direction} ${link.name}`;
        octets.set(key, sentBytes);
        const spanNs = nowNs - (before?.nowNs ?? 0);
        const sent = sentBytes - (before?.octets.get(key) ?? 0);
        const busy = spanNs <= 0 ? 0 : (sent * 8e9) / (link.options(side).bandwidthBps * spanNs);
        return {
          ...{ link: link.name, direction, sentPackets, sentOctets: sentBytes, droppedPackets },
          ...{ busy: Math.min(1, busy), queuedPackets: link.queuedPackets(side) },
        };
      }),
    );
    this.#last = { nowNs, octets };
    return loads.filter(({ sentPackets }) => sentPackets > 0);
  }

  /** The link behind an interface, and which way it leads from there. */
  #placeOf(interfaceId: number): Place | undefined {
    const { links } = this.#world;
    if (links.length !== this.#linkCount || !isCurrent(this.#places.get(interfaceId), interfaceId)) {
      this.#linkCount = links.length;
      this.#places = new Map();
      for (const link of links) {
        this.#places.set(link.a.id, { link, direction: 0 });
        this.#places.set(link.b.id, { link, direction: 1 });
      }
    }
    return this.#places.get(interfaceId);
  }
}

interface Collected {
  readonly serial: number;
  readonly nowNs: number;
  readonly hops: readonly HopView[];
  readonly omitted: number;
  /** Of every link that was ever used, and those that are not as they were in the collection before. */
  readonly loads: ReadonlyMap<string, LoadView>;
  readonly changed: readonly LoadView[];
}

interface Hop {
  readonly event: FrameEvent;
  readonly place: Place;
  lost: boolean;
}

function keyOf({ link, direction }: LoadView): string {
  return `${direction} ${link}`;
}

function isSame(a: LoadView, b: LoadView | undefined): boolean {
  return a.sentPackets === b?.sentPackets && a.busy === b.busy && a.queuedPackets === b.queuedPackets;
}

interface Place {
  readonly link: Link;
  readonly direction: 0 | 1;
}

function isCurrent(place: Place | undefined, interfaceId: number): boolean {
  return place !== undefined && (place.direction === 0 ? place.link.a : place.link.b).id === interfaceId;
}

function viewOf({ event, place: { link, direction }, lost }: Hop): HopView {
  const { delayMs, bandwidthBps } = link.options(direction === 0 ? "a-to-b" : "b-to-a");
  // Without jitter and without the queue: for the eye, not for a measurement.
  const travelNs = delayMs * 1e6 + (event.bytes.length * 8e9) / bandwidthBps;
  return {
    packetId: event.packetId,
    link: link.name,
    direction,
    leftNs: event.timeNs,
    arrivesNs: event.timeNs + Math.max(1, Math.round(lost ? travelNs / 2 : travelNs)),
    lost,
    protocol: dissect(event.bytes).protocol,
    octets: event.bytes.length,
  };
}

/** In a twentieth of a second: more dots than an eye can follow. */
const HOPS_MAX = 300;
