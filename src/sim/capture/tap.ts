/** What a world tells of its packets: the console, the pcapng writer and the assertions are all subscribers. */

/** A network interface of the world, as a capture names it. */
export interface TapInterface {
  /** Index in `World.interfaces`, stable for the life of the world. */
  readonly id: number;
  /** The host, switch or router: "mail.hamburger.edu". */
  readonly hostName: string;
  /** "eth0" */
  readonly name: string;
  readonly mac: string;
  /** Canonical addresses of the interface now. */
  readonly addresses: readonly string[];
}

/** One frame at one place and time. */
export interface FrameEvent {
  readonly timeNs: number;
  /**
   * - "origin": the host that made the packet puts it on its link (each packet has exactly one of these);
   * - "forward": a router or switch passes it on (a router's copy has a new Ethernet header and TTL);
   * - "receive": a host or router takes it in;
   * - "drop": it ends here, `reason` says why.
   */
  readonly kind: "origin" | "forward" | "receive" | "drop";
  readonly interfaceId: number;
  /** The packet's number in the world: forwarded, duplicated and fragmented copies keep that of their origin. */
  readonly packetId: number;
  /** The Ethernet frame without its check sequence. Must not be changed; it is not reused either. */
  readonly bytes: Uint8Array;
  /** Why it was sent or dropped, in words: "retransmission timeout (RTO 1.2 s)", "queue full (50 packets)". */
  readonly reason: string | undefined;
}

/** Subscribes to a world with `World.addTap`. A world without taps makes no events. */
export interface Tap {
  handleFrame(event: FrameEvent): void;
}
