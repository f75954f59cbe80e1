/**
 * One question to one server and its answer, over UDP or TCP. Everybody who asks goes through here (the stub, the
 * resolver, dig), so here is what protects against forged answers (RFC 5452): random identifier and source port,
 * and an answer counts only from the address asked, with the identifier and the question sent.
 */

import { FormatError } from "../../bytes/index.ts";
import {
  canonicalAddress,
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  type Network,
  NetworkError,
  type Random,
  RemoteError,
  type Task,
} from "../../net/index.ts";
import { framed, readFramed } from "./framing.ts";
import { UDP_PAYLOAD_MAX } from "./limits.ts";
import { sameName } from "./name.ts";
import { emitMessage } from "./wire/emit.ts";
import type { EdnsOption } from "./wire/fields.ts";
import { emptyMessage, type Message, parseMessage, type Question } from "./wire/message.ts";

export interface ExchangeOptions {
  /** For the whole exchange: one try over UDP, or connection and answer over TCP. */
  readonly timeoutMs: number;
  readonly transport: "udp" | "tcp";
  readonly recursionDesired: boolean;
  /** Whether to send an OPT record, and which UDP size it offers. Absent: UDP_PAYLOAD_MAX; 0: no OPT. */
  readonly udpPayloadMax?: number;
  readonly ednsOptions?: readonly EdnsOption[];
  /** Mixes the case of the question's letters, which the answer must repeat (draft-vixie-dnsext-dns0x20). */
  readonly mixCase?: boolean;
  /** Hears of answers that were not believed. */
  readonly onRejected?: (reason: string, from: Endpoint) => void;
}

export interface Exchange {
  readonly message: Message;
  readonly octets: number;
  readonly transport: "udp" | "tcp";
  readonly elapsedNs: number;
}

/**
 * Throws NetworkError: "timed-out", "refused", "unreachable", "reset", and RemoteError: "malformed-answer" (over
 * TCP; over UDP such a datagram may be forged, so the wait goes on), "suspicious" (too many answers rejected).
 */
export function* exchange(
  network: Network,
  server: Endpoint,
  question: Question,
  options: ExchangeOptions,
): Task<Exchange> {
  const startNs = network.clock.nowNs();
  const query = queryFor(network.random, question, options);
  const talk = options.transport === "udp" ? exchangeDatagrams : exchangeStream;
  const { message, octets } = yield* talk(network, server, query, options);
  // What follows compares names without case; the asker sees its own spelling.
  const restored = { ...message, questions: [question] };
  return {
    message: restored,
    octets,
    transport: options.transport,
    elapsedNs: network.clock.nowNs() - startNs,
  };
}

function queryFor(random: Random, question: Question, options: ExchangeOptions): Message {
  const udpPayloadMax = options.udpPayloadMax ?? UDP_PAYLOAD_MAX;
  const name = options.mixCase ? mixedCase(random, question.name) : question.name;
  return {
    ...emptyMessage,
    id: random.below(0x10000),
    recursionDesired: options.recursionDesired,
    questions: [{ ...question, name }],
    edns:
      udpPayloadMax === 0
        ? undefined
        : { udpPayloadMax, version: 0, dnssecOk: false, options: options.ednsOptions ?? [] },
  };
}

interface Received {
  readonly message: Message;
  readonly octets: number;
}

function* exchangeDatagrams(
  network: Network,
  server: Endpoint,
  query: Message,
  options: ExchangeOptions,
): Task<Received> {
  const socket = yield* bindRandomPort(network, server);
  const deadlineNs = network.clock.nowNs() + options.timeoutMs * 1e6;
  try {
    socket.send(emitMessage(query), server);
    for (let rejected = 0; rejected < REJECTED_MAX; rejected++) {
      const leftMs = Math.max(0, (deadlineNs - network.clock.nowNs()) / 1e6);
      const datagram = yield* socket.receive(leftMs);
      if (datagram === undefined) {
        throw new NetworkError(
          "timed-out",
          `${formatEndpoint(server)} did not answer within ${options.timeoutMs} ms`,
        );
      }
      const { bytes, from } = datagram;
      const isFromServer = from.address === canonicalAddress(server.address) && from.port === server.port;
      const message = isFromServer ? parseAnswer(bytes) : "it comes from another address than was asked";
      const reason = typeof message === "string" ? message : mismatchOf(message, query);
      if (typeof message !== "string" && reason === undefined) return { message, octets: bytes.length };
      options.onRejected?.(reason as string, from);
    }
  } finally {
    socket.close();
  }
  // Somebody is guessing; over TCP that does not work.
  throw new RemoteError("suspicious", `${REJECTED_MAX} answers from ${formatEndpoint(server)} did not fit`);
}

function* exchangeStream(
  network: Network,
  server: Endpoint,
  query: Message,
  options: ExchangeOptions,
): Task<Received> {
  const { timeoutMs } = options;
  const deadlineNs = network.clock.nowNs() + timeoutMs * 1e6;
  const connection = yield* network.connect(server.address, server.port, { timeoutMs });
  try {
    yield* connection.write(framed(emitMessage(query)), timeoutMs);
    const leftMs = Math.max(0, (deadlineNs - network.clock.nowNs()) / 1e6);
    const bytes = yield* readFramed(connection, network.clock, leftMs, leftMs);
    if (bytes === null) {
      throw new RemoteError("malformed-answer", `${formatEndpoint(server)} closed the connection unasked`);
    }
    const message = parseAnswer(bytes);
    const reason = typeof message === "string" ? message : mismatchOf(message, query);
    if (typeof message !== "string" && reason === undefined) return { message, octets: bytes.length };
    throw new RemoteError("malformed-answer", `${formatEndpoint(server)}: ${reason}`);
  } finally {
    connection.close();
  }
}

function parseAnswer(bytes: Uint8Array): Message | string {
  try {
    return parseMessage(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    return error.message;
  }
}

/** RFC 5452 section 9.1: why `message` is no answer to `query`; undefined when it is one. */
function mismatchOf(message: Message, query: Message): string | undefined {
  if (!message.isResponse) return "it is no response";
  if (message.id !== query.id) return "its identifier is not the one that was sent";
  if (message.opcode !== query.opcode) return "its opcode is not the one that was sent";
  // A server that cannot read a query may leave the question out.
  if (message.questions.length === 0 && MAY_OMIT_QUESTION.includes(message.responseCode)) return undefined;
  const [sent] = query.questions;
  const [got] = message.questions;
  if (message.questions.length !== 1 || got.type !== sent.type || got.class !== sent.class) {
    return "its question is not the one that was asked";
  }
  if (got.name === sent.name) return undefined;
  return sameName(got.name, sent.name)
    ? "its question has another mix of upper and lower case"
    : "its question is not the one that was asked";
}

/** RFC 5452 section 9.2: a source port that cannot be foreseen. */
function* bindRandomPort(network: Network, peer: Endpoint): Task<DatagramSocket> {
  const address = peer.address.includes(":") ? "::" : "0.0.0.0";
  for (let tries = 0; tries < PORT_TRIES; tries++) {
    const port = PORT_MIN + network.random.below(0x10000 - PORT_MIN);
    try {
      return yield* network.bind({ address, port, peer });
    } catch (error) {
      if (!(error instanceof NetworkError && error.code === "address-in-use")) throw error;
    }
  }
  return yield* network.bind({ address, port: 0, peer });
}

function mixedCase(random: Random, text: string): string {
  let mixed = "";
  for (const letter of text) mixed += random.below(2) === 0 ? letter.toUpperCase() : letter.toLowerCase();
  return mixed;
}

/** RFC 5452 section 9.2: 1024 and above. */
const PORT_MIN = 1024;
/** Ports that happen to be in use. */
const PORT_TRIES = 8;
/** With so many wrong answers to one question, chance is no explanation. */
const REJECTED_MAX = 20;
const MAY_OMIT_QUESTION: readonly string[] = ["FORMERR", "NOTIMP", "SERVFAIL", "REFUSED"];
