/** ICMP echo of a simulated host as a Pinger. */

import {
  type Clock,
  canonicalAddress,
  NetworkError,
  type Pinger,
  type PingOptions,
  type PingReply,
  suspend,
  type Task,
} from "../net/index.ts";
import type { PingAnswer } from "./kernel/ping.ts";
import type { NetworkHost } from "./network.ts";

export class SimPinger implements Pinger {
  readonly #host: NetworkHost;
  readonly #clock: Clock;

  constructor(host: NetworkHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  *ping(address: string, options: PingOptions): Task<PingReply> {
    const { ip } = this.#host.kernel;
    if (canonicalAddress(address) === undefined) throw new TypeError(`"${address}" is not an IP address`);
    if (options.payload.length > PAYLOAD_MAX) {
      throw new NetworkError("message-too-large", `an echo request carries at most ${PAYLOAD_MAX} octets`);
    }
    const remote = ip.addresses.of(address);
    const source = ip.sourceFor(remote);
    if (source === undefined) throw new NetworkError("unreachable", `there is no route to ${address}`);
    const sentAtNs = this.#clock.nowNs();
    const answer = yield* suspend<PingAnswer>((resolve, reject) => {
      const forget = ip.icmp.pings.send(source, remote, options, (received) => {
        timer.cancel();
        resolve(received);
      });
      const timer = this.#clock.startTimer(options.timeoutMs, () => {
        forget();
        reject(new NetworkError("timed-out", `${address} did not answer within ${options.timeoutMs} ms`));
      });
      return () => {
        timer.cancel();
        forget();
      };
    });
    const roundTripNs = this.#clock.nowNs() - sentAtNs;
    return { from: answer.from.text, kind: answer.kind, roundTripNs, ttl: answer.ttl };
  }
}

/** What 16 bits of length leave beside the headers of IPv4 and ICMP. */
const PAYLOAD_MAX = 65_507;
