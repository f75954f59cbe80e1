/** The round-trip time and what follows from it, the retransmission timeout: RFC 6298. */

import type { TcpConnection } from "./connection.ts";
import type { TcpOptions } from "./options.ts";
import { Timer } from "./timers.ts";

export class RoundTrip {
  /** SRTT and RTTVAR; meaningless until `measured`. */
  smoothedNs = Number.NaN;
  variationNs = Number.NaN;
  /** RTO, with back-off. */
  timeoutNs: number;
  measured = false;
  /** How often the timeout has doubled since the last measurement. */
  backoffs = 0;
  readonly #minNs: number;
  readonly #maxNs: number;

  constructor(options: TcpOptions) {
    // RFC 6298 (2.1): before a measurement, 1 second.
    this.timeoutNs = options.initialRtoMs * 1e6;
    this.#minNs = options.minRtoMs * 1e6;
    this.#maxNs = options.maxRtoMs * 1e6;
  }

  measure(sampleNs: number): void {
    if (!this.measured) {
      // RFC 6298 (2.2): the first measurement.
      this.measured = true;
      this.smoothedNs = sampleNs;
      this.variationNs = sampleNs / 2;
    } else {
      // RFC 6298 (2.3): RTTVAR first, from the old SRTT.
      this.variationNs = (1 - BETA) * this.variationNs + BETA * Math.abs(this.smoothedNs - sampleNs);
      this.smoothedNs = (1 - ALPHA) * this.smoothedNs + ALPHA * sampleNs;
    }
    this.backoffs = 0;
    const wanted = this.smoothedNs + Math.max(GRANULARITY_NS, 4 * this.variationNs);
    this.timeoutNs = Math.round(Math.min(this.#maxNs, Math.max(this.#minNs, wanted)));
  }

  /** RFC 6298 (5.5): the timer has expired. */
  backOff(): void {
    this.backoffs++;
    this.timeoutNs = Math.min(this.#maxNs, this.timeoutNs * 2);
  }

  /** RFC 6298 (5.7): if the SYN had to be repeated, the guess of one second was bad; data begin with three. */
  handleHandshake(): void {
    if (this.measured || this.backoffs === 0) return;
    this.backoffs = 0;
    this.timeoutNs = Math.min(this.#maxNs, Math.max(AFTER_SYN_TIMEOUT_NS, this.#minNs));
  }
}

/** RTO from now, but not beyond the user timeout. */
export function startRetransmissionTimer(connection: TcpConnection): void {
  const { options, wasEstablished, progressAtNs, ip, roundTrip } = connection;
  const limitMs = wasEstablished ? options.userTimeoutMs : options.connectTimeoutMs;
  const left = Math.max(0, progressAtNs + limitMs * 1e6 - ip.schedule.nowNs);
  connection.timers.start(Timer.retransmission, Math.min(roundTrip.timeoutNs, left));
}

const ALPHA = 1 / 8;
const BETA = 1 / 4;
/** G: what the timestamps resolve. */
const GRANULARITY_NS = 1e6;
const AFTER_SYN_TIMEOUT_NS = 3e9;
