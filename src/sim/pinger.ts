/** ICMP echo of a simulated host as a Pinger. */

import {
  type Clock,
  canonicalAddress,
  DATAGRAMS_QUEUED_MAX,
  type EchoAnswer,
  type EchoRequest,
  type EchoSocket,
  NetworkError,
  type Pinger,
  type PingOptions,
  type PingReply,
  Signal,
  type Task,
} from "../net/index.ts";
import type { IpAddress } from "./kernel/ip-address.ts";
import type { IpStack } from "./kernel/stack.ts";
import type { NetworkHost } from "./network.ts";

export class SimPinger implements Pinger {
  readonly #host: NetworkHost;
  readonly #clock: Clock;

  constructor(host: NetworkHost, clock: Clock) {
    this.#host = host;
    this.#clock = clock;
  }

  *ping(address: string, options: PingOptions): Task<PingReply> {
    const { timeoutMs } = options;
    const socket = this.open(address);
    try {
      const sentAtNs = this.#clock.nowNs();
      socket.send(options);
      const answer = yield* socket.receive(timeoutMs);
      if (answer === undefined)
        throw new NetworkError("timed-out", `${address} did not answer within ${timeoutMs} ms`);
      return { ...answer, roundTripNs: this.#clock.nowNs() - sentAtNs };
    } finally {
      socket.close();
    }
  }

  open(address: string): EchoSocket {
    if (canonicalAddress(address) === undefined) throw new TypeError(`"${address}" is not an IP address`);
    const { ip } = this.#host.kernel;
    return new SimEchoSocket(ip, ip.addresses.of(address), this.#clock);
  }
}

class SimEchoSocket implements EchoSocket {
  readonly #ip: IpStack;
  readonly #remote: IpAddress;
  readonly #clock: Clock;
  readonly #identifier: number;
  readonly #arrived = new Signal();
  readonly #queue: EchoAnswer[] = [];

  constructor(ip: IpStack, remote: IpAddress, clock: Clock) {
    this.#ip = ip;
    this.#remote = remote;
    this.#clock = clock;
    this.#source();
    this.#identifier = ip.icmp.pings.open((answer) => {
      if (this.#queue.length >= DATAGRAMS_QUEUED_MAX) return;
      this.#queue.push({ ...answer, from: answer.from.text });
      this.#arrived.notify();
    });
  }

  send(request: EchoRequest): void {
    if (request.payload.length > PAYLOAD_MAX)
      throw new NetworkError("message-too-large", `an echo request carries at most ${PAYLOAD_MAX} octets`);
    this.#ip.icmp.pings.send(this.#identifier, this.#source(), this.#remote, request);
  }

  *receive(timeoutMs: number): Task<EchoAnswer | undefined> {
    if (this.#queue.length === 0) yield* this.#arrived.wait(this.#clock, timeoutMs);
    return this.#queue.shift();
  }

  close(): void {
    this.#ip.icmp.pings.close(this.#identifier);
  }

  /** Of each request anew: routes may change meanwhile. */
  #source(): IpAddress {
    const source = this.#ip.sourceFor(this.#remote);
    if (source === undefined)
      throw new NetworkError("unreachable", `there is no route to ${this.#remote.text}`);
    return source;
  }
}

/** What 16 bits of length leave beside the headers of IPv4 and ICMP. */
const PAYLOAD_MAX = 65_507;
