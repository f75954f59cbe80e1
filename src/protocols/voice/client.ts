/**
 * A call to an echo test, as telephone companies offer one: what is said comes back. The caller speaks at the pace of
 * a telephone, 50 packets a second, and finds out what the network does to them on the way there and back.
 */

import { FormatError } from "../../bytes/index.ts";
import {
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  type Network,
  NetworkError,
  sleep,
  type Task,
} from "../../net/index.ts";
import { Reception } from "./reception.ts";
import { CLOCK_RATE, emitRtp, PCMU, parseRtp, type RtpPacket } from "./wire.ts";

export interface CallOptions {
  readonly durationMs: number;
  /** Between two packets. */
  readonly intervalMs: number;
  readonly playoutMs: number;
  /** How long the last packets may take. */
  readonly timeoutMs: number;
}

/** How a call was. Times are of the whole way there and back. */
export interface CallReport {
  readonly sent: number;
  readonly received: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly reordered: number;
  readonly late: number;
  /** Undefined when nothing came back. */
  readonly roundTripMs: { readonly min: number; readonly average: number; readonly max: number } | undefined;
  readonly jitterMs: number;
  readonly jitterMaxMs: number;
  /** The share of the speech that could not be played: lost or late. */
  readonly missing: number;
}

/** Speaks and listens. Throws NetworkError "refused" when the network reports that nobody listens there. */
export function* call(
  network: Network,
  socket: DatagramSocket,
  to: Endpoint,
  options: CallOptions,
): Task<CallReport> {
  const caller = new Caller(network, to, options);
  const speaking = network.spawn("voice", caller.speak(socket));
  speaking.whenDone(() => {});
  try {
    yield* caller.listen(socket, () => speaking.done);
    yield* speaking.join();
  } finally {
    speaking.cancel();
  }
  return caller.report();
}

class Caller {
  readonly #network: Network;
  readonly #to: Endpoint;
  readonly #options: CallOptions;
  readonly #reception: Reception;
  // RFC 3550 section 5.1: all three begin at random, so that strangers cannot guess them.
  readonly #source: number;
  readonly #firstSequence: number;
  readonly #firstTimestamp: number;
  /** When each packet left, by its place in the stream. */
  readonly #sentAtNs: number[] = [];
  #totalNs = 0;
  #minNs = Number.POSITIVE_INFINITY;
  #maxNs = 0;

  constructor(network: Network, to: Endpoint, options: CallOptions) {
    this.#network = network;
    this.#to = to;
    this.#options = options;
    this.#reception = new Reception(options);
    this.#source = network.random.uint32();
    this.#firstSequence = network.random.below(0x1_0000);
    this.#firstTimestamp = network.random.uint32();
  }

  *speak(socket: DatagramSocket): Task {
    const { durationMs, intervalMs } = this.#options;
    const count = Math.max(1, Math.floor(durationMs / intervalMs));
    const samples = Math.round((CLOCK_RATE * intervalMs) / 1000);
    const { clock } = this.#network;
    const beganAtNs = clock.nowNs();
    for (let i = 0; i < count; i++) {
      // By the plan, not by the last packet: a pause that came late must not shift all that follow.
      const waitMs = (beganAtNs - clock.nowNs()) / 1e6 + i * intervalMs;
      if (waitMs > 0) yield* sleep(clock, waitMs);
      this.#sentAtNs.push(clock.nowNs());
      socket.send(emitRtp(this.#packet(i, samples)), this.#to);
    }
  }

  /** Until everything has come back, or nothing more can be expected. */
  *listen(socket: DatagramSocket, isOver: () => boolean): Task {
    const { clock } = this.#network;
    let endNs = Number.POSITIVE_INFINITY;
    while (!isOver() || this.#reception.received < this.#sentAtNs.length) {
      if (isOver() && endNs === Number.POSITIVE_INFINITY) {
        endNs = (this.#sentAtNs.at(-1) ?? 0) + this.#options.timeoutMs * 1e6;
      }
      const leftMs = isOver() ? (endNs - clock.nowNs()) / 1e6 : this.#options.intervalMs;
      if (leftMs <= 0) return;
      const bytes = yield* this.#receive(socket, leftMs);
      if (bytes !== undefined) this.#handle(bytes);
    }
  }

  report(): CallReport {
    const { received, duplicates, reordered, late, jitterMs, jitterMaxMs } = this.#reception;
    const sent = this.#sentAtNs.length;
    const toMs = (ns: number): number => ns / 1e6;
    const times = { min: toMs(this.#minNs), average: toMs(this.#totalNs) / received, max: toMs(this.#maxNs) };
    const lost = sent - received;
    const missing = sent === 0 ? 0 : (lost + late) / sent;
    const roundTripMs = received === 0 ? undefined : times;
    return { sent, received, lost, duplicates, reordered, late, roundTripMs, jitterMs, jitterMaxMs, missing };
  }

  /** The next datagram from there, undefined after the time. */
  *#receive(socket: DatagramSocket, timeoutMs: number): Task<Uint8Array | undefined> {
    try {
      const datagram = yield* socket.receive(timeoutMs);
      const isTheirs = datagram !== undefined && formatEndpoint(datagram.from) === formatEndpoint(this.#to);
      return isTheirs ? datagram.bytes : undefined;
    } catch (error) {
      // Who has answered before may be away for a moment: a call goes on.
      const isAway = this.#reception.received > 0;
      if (isAway && error instanceof NetworkError && error.code === "refused") return undefined;
      throw error;
    }
  }

  #packet(place: number, samples: number): RtpPacket {
    return {
      // RFC 3551 section 4.1: it marks the first packet after silence.
      marker: place === 0,
      payloadType: PCMU,
      sequence: (this.#firstSequence + place) & 0xffff,
      timestamp: (this.#firstTimestamp + place * samples) >>> 0,
      source: this.#source,
      contributing: [],
      payload: new Uint8Array(samples).fill(SILENCE),
    };
  }

  #handle(bytes: Uint8Array): void {
    const packet = packetIn(bytes);
    if (packet?.source !== this.#source) return;
    // RFC 3550 appendix A.1: 16 bits of a longer number; the place nearest to what was sent last.
    const last = this.#sentAtNs.length - 1;
    const place = last + (((packet.sequence - this.#firstSequence - last) << 16) >> 16);
    const sentAtNs = this.#sentAtNs[place];
    if (sentAtNs === undefined) return;
    const nowNs = this.#network.clock.nowNs();
    if (!this.#reception.handle(packet, nowNs)) return;
    const roundTripNs = nowNs - sentAtNs;
    this.#totalNs += roundTripNs;
    this.#minNs = Math.min(this.#minNs, roundTripNs);
    this.#maxNs = Math.max(this.#maxNs, roundTripNs);
  }
}

function packetIn(bytes: Uint8Array): RtpPacket | undefined {
  try {
    return parseRtp(bytes);
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}

/** PCMU of a sample of nothing: RFC 3551 section 4.5.14, ITU-T G.711. */
const SILENCE = 0xff;
