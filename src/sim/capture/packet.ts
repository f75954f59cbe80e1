/**
 * What a capture consists of: interfaces, host names, packets. The store (capture.ts), the pcapng writer and
 * the pcapng reader all speak it, and so does everything that dissects.
 */

import type { FrameEvent } from "./tap.ts";

/** One recorded frame. */
export interface CapturedPacket {
  /** "No." of the packet list: counts from 1 and is never reused, also when older packets were dropped. */
  readonly number: number;
  /** Since the start of the world. */
  readonly timeNs: number;
  readonly interfaceId: number;
  /** What happened to the frame at the interface; undefined when a file does not say. */
  readonly kind: FrameEvent["kind"] | undefined;
  /** The packet's number in the world: the same wherever it is seen. */
  readonly packetId: number | undefined;
  readonly bytes: Uint8Array;
  /** Octets on the link; more than `bytes` has when a foreign capture cut the frame. */
  readonly length: number;
  /** Why it was sent and, if it was, why and where it was dropped. */
  readonly comment: string | undefined;
}

export interface CaptureInterface {
  readonly id: number;
  /** "mail.hamburger.edu" */
  readonly hostName: string;
  /** "eth0" */
  readonly name: string;
  readonly mac: string;
  readonly addresses: readonly string[];
}

/** An address and the names it is shown by. */
export interface HostNames {
  readonly address: string;
  readonly names: readonly string[];
}

/** A whole capture: what a pcapng file holds. */
export interface CaptureContents {
  /** Wall clock at time 0 of the packets. */
  readonly startUnixMs: number;
  readonly interfaces: readonly CaptureInterface[];
  readonly hostNames: readonly HostNames[];
  /** In the order in which they were seen. */
  readonly packets: Iterable<CapturedPacket>;
  /** Packets that were seen but are no longer (or were never) in `packets`, because of a bound. */
  readonly lostCount: number;
}

/** The names of all addresses of `interfaces`, in their order. */
export function hostNamesOf(interfaces: readonly CaptureInterface[]): HostNames[] {
  const names = new Map<string, string[]>();
  for (const { addresses, hostName } of interfaces) {
    for (const address of addresses) {
      const known = names.get(address);
      if (known === undefined) names.set(address, [hostName]);
      else if (!known.includes(hostName)) known.push(hostName);
    }
  }
  return [...names].map(([address, list]) => ({ address, names: list }));
}
