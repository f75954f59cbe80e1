/**
 * The queue in front of a link, first in first out, without an event of its own: when a packet enters, the time
 * at which its last bit leaves is known, and the queue is what has not left yet.
 */

export interface QueueLimits {
  readonly queuePackets: number;
  readonly queueBytes: number;
}

export class TransmitQueue {
  /** When each packet leaves, and how long it is; [#head, #tail) have not left. */
  #leaveAtNs: number[] = [];
  #lengths: number[] = [];
  #head = 0;
  #tail = 0;
  #bytes = 0;
  #freeAtNs = 0;

  /** How many packets have not left, with the one that is being sent. */
  length(nowNs: number): number {
    this.#forgetSent(nowNs);
    return this.#tail - this.#head;
  }

  /** Why a packet of `length` octets does not fit, undefined when it does. */
  whyFull(nowNs: number, length: number, limits: QueueLimits): string | undefined {
    const waiting = this.length(nowNs) - 1;
    // What finds the link idle does not wait.
    if (waiting < 0) return undefined;
    if (waiting >= limits.queuePackets) return `queue full (${limits.queuePackets} packets)`;
    const waitingBytes = this.#bytes - this.#lengths[this.#head];
    return waitingBytes + length > limits.queueBytes ? `queue full (${limits.queueBytes} octets)` : undefined;
  }

  /** How many packets of `length` octets a sender may add that would rather wait than lose some. */
  room(nowNs: number, length: number, limits: QueueLimits): number {
    const waiting = this.length(nowNs);
    const octetsMax = Math.min(SHARE * limits.queueBytes, SEND_BUFFER);
    const packets = Math.floor(SHARE * limits.queuePackets) - waiting;
    const octets = Math.floor((octetsMax - this.#bytes) / length);
    return Math.max(waiting === 0 ? 1 : 0, Math.min(packets, octets));
  }

  /** Takes a packet; returns when its last bit has left. */
  enter(nowNs: number, length: number, bandwidthBps: number): number {
    const leaveAtNs = Math.max(nowNs, this.#freeAtNs) + Math.ceil((length * 8e9) / bandwidthBps);
    this.#freeAtNs = leaveAtNs;
    this.#leaveAtNs[this.#tail] = leaveAtNs;
    this.#lengths[this.#tail] = length;
    this.#tail++;
    this.#bytes += length;
    return leaveAtNs;
  }

  #forgetSent(nowNs: number): void {
    while (this.#head < this.#tail && this.#leaveAtNs[this.#head] <= nowNs) {
      this.#bytes -= this.#lengths[this.#head];
      this.#head++;
    }
    if (this.#head === this.#tail) {
      this.#head = 0;
      this.#tail = 0;
    } else if (this.#head > SENT_KEPT_MAX && this.#head > this.#tail / 2) {
      this.#leaveAtNs = this.#leaveAtNs.slice(this.#head, this.#tail);
      this.#lengths = this.#lengths.slice(this.#head, this.#tail);
      this.#tail -= this.#head;
      this.#head = 0;
    }
  }
}

/** A part of the queue stays free for all others. */
const SHARE = 0.75;
/** Octets that a socket of Linux has on their way to the network before its program must wait. */
const SEND_BUFFER = 212_992;
/** Entries of sent packets that may stay in the arrays: moving them is paid once per so many. */
const SENT_KEPT_MAX = 256;
