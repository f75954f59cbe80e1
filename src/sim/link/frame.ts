/**
 * A frame on its way. The octets are real at all times and are handed from hop to hop without copying; whoever
 * wants to change them (a router: TTL and MAC addresses; a fault: corruption) calls `writable` first, which copies
 * when somebody else may still look at them (a tap, a duplicate, the other ports of a flooding switch).
 */
export class Frame {
  /** The Ethernet frame without its check sequence is [start, bytes.length). */
  bytes: Uint8Array;
  start: number;
  /** The packet's number in the world: copies and fragments keep that of their origin. */
  readonly packetId: number;
  /** False once a link may have changed the octets: checksums must then be verified. */
  intact = true;
  /** Whether somebody else holds `bytes` too. */
  shared = false;
  /** Why it was sent, for the capture; forgotten once told. */
  reason: string | undefined;

  constructor(bytes: Uint8Array, start: number, packetId: number, reason: string | undefined) {
    this.bytes = bytes;
    this.start = start;
    this.packetId = packetId;
    this.reason = reason;
  }

  /** Length as a capture shows it. */
  get length(): number {
    return this.bytes.length - this.start;
  }

  /** The octets, for changing. */
  writable(): Uint8Array {
    if (this.shared) {
      this.bytes = this.bytes.slice();
      this.shared = false;
    }
    return this.bytes;
  }

  /** A second frame over the same octets. */
  duplicate(): Frame {
    this.shared = true;
    const copy = new Frame(this.bytes, this.start, this.packetId, this.reason);
    copy.shared = true;
    copy.intact = this.intact;
    return copy;
  }
}
