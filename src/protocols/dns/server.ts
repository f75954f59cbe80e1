/**
 * A name server's frame: UDP and TCP on port 53, what is no proper query is answered here, the rest is asked of an
 * `Answerer` (authority, resolver, or both). Read first: `serveDns`, then `respond`.
 */

import { FormatError, Reader } from "../../bytes/index.ts";
import {
  type DatagramSocket,
  type Endpoint,
  formatEndpoint,
  messageOf,
  type Network,
  NetworkError,
  type Service,
  serve,
  serveDatagrams,
  type Task,
} from "../../net/index.ts";
import { type Answer, bareAnswer } from "./answer.ts";
import { DNS_PORT, UDP_PAYLOAD_MAX, UDP_PAYLOAD_PLAIN } from "./limits.ts";
import { serveStream } from "./server-stream.ts";
import { emitMessage, MESSAGE_MAX } from "./wire/emit.ts";
import {
  type Edns,
  emptyMessage,
  type Message,
  parseMessage,
  type Question,
  readHeader,
} from "./wire/message.ts";
import { type RecordType, recordTypeCodes } from "./wire/record-types.ts";

/** A query of class IN with one question, and who asks. */
export interface Query {
  readonly message: Message;
  readonly question: Question;
  readonly from: Endpoint;
  readonly transport: "udp" | "tcp";
}

/** Answers a query; undefined leaves it unanswered. An error that it throws becomes SERVFAIL. */
export type Answerer = (query: Query) => Task<Answer | undefined>;

export interface DnsServerOptions {
  /** Absent: every address of the host. */
  readonly address?: string;
  /** Absent: 53. 0 takes a free one, the same for UDP and TCP. */
  readonly port?: number;
}

/** Starts to serve. Throws NetworkError: address-in-use, permission, address-not-available. */
export function* serveDns(network: Network, options: DnsServerOptions, answerer: Answerer): Task<Service> {
  const bind = { port: options.port ?? DNS_PORT, ...(options.address && { address: options.address }) };
  const socket = yield* network.bind(bind);
  const tcpOptions = { ...bind, port: socket.local.port, name: "dns", connectionsMax: CONNECTIONS_MAX };
  let tcp: Service;
  try {
    tcp = yield* serve(network, tcpOptions, (connection) =>
      serveStream(network, connection, (bytes) =>
        respond(network, bytes, connection.remote, "tcp", answerer),
      ),
    );
  } catch (error) {
    socket.close();
    throw error;
  }
  const udp = network.spawn("dns udp", answerDatagrams(network, socket, answerer));
  return {
    name: "dns",
    local: tcp.local,
    get connectionCount() {
      return tcp.connectionCount;
    },
    *stop(graceMs: number): Task {
      udp.cancel();
      // A task that is cancelled before its first step has no end of its own, and the port would stay taken.
      socket.close();
      yield* tcp.stop(graceMs);
    },
  };
}

function* answerDatagrams(network: Network, socket: DatagramSocket, answerer: Answerer): Task {
  let inProgress = 0;
  yield* serveDatagrams(socket, ({ bytes, from }) => {
    // Who asks again later finds us less busy: silence costs nothing, unlike an answer.
    if (inProgress >= QUERIES_MAX) return;
    inProgress++;
    const answering = respond(network, bytes, from, "udp", answerer);
    const name = `dns udp ${formatEndpoint(from)}`;
    network.spawn(name, reply(socket, from, answering)).whenDone(() => inProgress--);
  });
}

function* reply(socket: DatagramSocket, to: Endpoint, answering: Task<Uint8Array | undefined>): Task {
  const bytes = yield* answering;
  if (bytes === undefined) return;
  try {
    socket.send(bytes, to);
  } catch (error) {
    if (!(error instanceof NetworkError)) throw error;
  }
}

/** The octets that answer the octets of a query; undefined when there must be no answer. */
export function* respond(
  network: Network,
  bytes: Uint8Array,
  from: Endpoint,
  transport: "udp" | "tcp",
  answerer: Answerer,
): Task<Uint8Array | undefined> {
  if (bytes.length < HEADER_LENGTH) return undefined;
  const header = readHeader(new Reader(bytes));
  // An answer to an answer could go on for ever.
  if (header.isResponse) return undefined;
  const response = { ...emptyMessage, id: header.id, opcode: header.opcode, isResponse: true };
  if (header.opcode !== "QUERY") return emitMessage({ ...response, responseCode: "NOTIMP" });
  let query: Message;
  try {
    query = parseMessage(bytes);
  } catch (error) {
    if (!(error instanceof FormatError)) throw error;
    network.log.info(`dns: ${formatEndpoint(from)} sent a malformed query: ${error.message}`);
    const { recursionDesired } = header;
    return emitMessage({ ...response, recursionDesired, responseCode: "FORMERR" });
  }
  const answer = yield* answerTo(network, query, from, transport, answerer);
  if (answer === undefined) return undefined;
  const message: Message = {
    ...response,
    ...answer,
    recursionDesired: query.recursionDesired,
    // RFC 6840 section 5.6: CD is copied. AD stays clear: nothing here is verified.
    checkingDisabled: query.checkingDisabled,
    questions: query.questions,
    edns: query.edns && OUR_EDNS,
  };
  return emitMessage(message, transport === "tcp" ? MESSAGE_MAX : udpPayloadMax(query.edns));
}

function* answerTo(
  network: Network,
  message: Message,
  from: Endpoint,
  transport: "udp" | "tcp",
  answerer: Answerer,
): Task<Answer | undefined> {
  // RFC 6891 section 6.1.3: a version that we do not know.
  if (message.edns !== undefined && message.edns.version > 0) return bareAnswer("BADVERS");
  // RFC 9619 section 4: a query has exactly one question.
  const [question] = message.questions;
  if (message.questions.length !== 1) return bareAnswer("FORMERR");
  if (question.class !== "IN") return bareAnswer("REFUSED");
  if (isMetaType(question.type)) return bareAnswer(question.type === "OPT" ? "FORMERR" : "NOTIMP");
  try {
    return yield* answerer({ message, question, from, transport });
  } catch (error) {
    network.log.error(`dns: ${question.name} ${question.type}: ${messageOf(error)}`);
    return bareAnswer("SERVFAIL");
  }
}

/** RFC 6895 section 3.1: types that stand for a service (transfers, signatures of messages), ANY excepted. */
function isMetaType(type: RecordType): boolean {
  const number = recordTypeCodes.number(type);
  return type === "OPT" || number === 0 || (number >= 128 && number <= 254);
}

/** RFC 6891 section 6.2.3: sizes below 512 count as 512. */
function udpPayloadMax(edns: Edns | undefined): number {
  if (edns === undefined) return UDP_PAYLOAD_PLAIN;
  return Math.min(Math.max(edns.udpPayloadMax, UDP_PAYLOAD_PLAIN), UDP_PAYLOAD_MAX);
}

const OUR_EDNS: Edns = { udpPayloadMax: UDP_PAYLOAD_MAX, version: 0, dnssecOk: false, options: [] };
const HEADER_LENGTH = 12;
/** Queries over UDP that may wait for their answers at once; BIND's recursive-clients is 1,000 too. */
const QUERIES_MAX = 1000;
/** Connections at once, as in BIND (tcp-clients 150). */
const CONNECTIONS_MAX = 150;
