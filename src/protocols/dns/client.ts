/**
 * The client side: `query` asks one server and goes to TCP when the answer does not fit into a datagram;
 * `StubResolver` (stub.ts) is what programs use.
 */

import { type Endpoint, type Network, NetworkError, RemoteError, type Task } from "../../net/index.ts";
import { type Exchange, type ExchangeOptions, exchange } from "./exchange.ts";
import type { Message, Question } from "./wire/message.ts";

export interface QueryOptions extends Partial<ExchangeOptions> {
  /** How often the question is sent over UDP. Absent: 3. */
  readonly tries?: number;
  /** Whether a truncated answer is enough, without going to TCP. Absent: false. */
  readonly acceptTruncated?: boolean;
}

/** Asks; a lost datagram is sent again. Throws what `exchange` throws. */
export function* query(
  network: Network,
  server: Endpoint,
  question: Question,
  options: QueryOptions = {},
): Task<Exchange> {
  const { tries = UDP_TRIES, acceptTruncated = false, ...rest } = options;
  const all: ExchangeOptions = {
    timeoutMs: TRY_TIMEOUT_MS,
    transport: "udp",
    recursionDesired: true,
    ...rest,
  };
  if (all.transport === "tcp") return yield* exchange(network, server, question, all);
  const found = yield* askDatagrams(network, server, question, all, tries);
  // RFC 7766 section 5: a truncated answer is asked again over TCP.
  if (found !== undefined && (!found.message.isTruncated || acceptTruncated)) return found;
  const timeoutMs = Math.max(all.timeoutMs, TCP_TIMEOUT_MIN_MS);
  return yield* exchange(network, server, question, { ...all, timeoutMs, transport: "tcp" });
}

/** The answer over UDP; undefined when it should be asked over TCP because somebody forges answers. */
function* askDatagrams(
  network: Network,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
  tries: number,
): Task<Exchange | undefined> {
  let plain = false;
  for (let attempt = 1; ; ) {
    try {
      const found = yield* exchange(
        network,
        server,
        question,
        plain ? { ...options, udpPayloadMax: 0 } : options,
      );
      if (plain || !refusesEdns(found.message) || options.udpPayloadMax === 0) return found;
      // RFC 6891 section 7: a server that does not know EDNS is asked without.
      plain = true;
    } catch (error) {
      if (error instanceof RemoteError && error.code === "suspicious") return undefined;
      if (!(error instanceof NetworkError && error.code === "timed-out") || attempt >= tries) throw error;
      attempt++;
    }
  }
}

function refusesEdns(message: Message): boolean {
  return message.edns === undefined && ["FORMERR", "NOTIMP"].includes(message.responseCode);
}

/** As dig does. */
const UDP_TRIES = 3;
/** Whoever waits less for a datagram still leaves TCP the time to send a lost SYN again (RFC 6298: 1 s). */
const TCP_TIMEOUT_MIN_MS = 2500;
/** As in resolv.conf(5). */
const TRY_TIMEOUT_MS = 5000;
