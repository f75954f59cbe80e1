/**
 * The octets of iperf3's protocol: states on the control connection, the cookie that opens every TCP connection, the
 * message that opens a UDP stream, the header of each datagram. There is no RFC; README.md says where each fact is from.
 */

import { FormatError, Reader } from "../../bytes/index.ts";
import { fromByteString, type Random, toByteString } from "../../net/index.ts";

/** iperf3's port, TCP and UDP. */
export const METER_PORT = 5201;
/** Octets of a cookie, with the NUL at its end. */
export const COOKIE_SIZE = 37;

/** What one octet on the control connection says; most of them are the server's. */
export const State = {
  testStart: 1,
  testRunning: 2,
  /** The client's: the time is over. */
  testEnd: 4,
  parameterExchange: 9,
  createStreams: 10,
  serverTerminate: 11,
  clientTerminate: 12,
  exchangeResults: 13,
  displayResults: 14,
  iperfDone: 16,
  /** Our own, and sent only to a client that has asked for it: this server answers round trips, too. */
  roundTripsOffered: 72,
  /** -1: a test is running already. */
  accessDenied: 255,
  /** -2: two numbers of 32 bits follow, iperf3's error and the system's. */
  serverError: 254,
} as const;

/** "TEST_START": a state's name in iperf3. */
export function isState(octet: number): boolean {
  return STATE_NAMES.has(octet);
}

export function stateName(octet: number): string {
  return STATE_NAMES.get(octet) ?? `state ${octet}`;
}

/** 36 characters of base 32 and a NUL, which tell one client from another. */
export function makeCookie(random: Random): string {
  let text = "";
  for (let i = 0; i < COOKIE_SIZE - 1; i++) text += COOKIE_LETTERS[random.below(COOKIE_LETTERS.length)];
  return text;
}

export function emitCookie(cookie: string): Uint8Array {
  return fromByteString(cookie.padEnd(COOKIE_SIZE, "\0"));
}

/** The text before the first NUL. */
export function parseCookie(bytes: Uint8Array): string {
  const text = toByteString(new Reader(bytes).take(COOKIE_SIZE, "meter.cookie"));
  const end = text.indexOf("\0");
  if (end === -1) throw new FormatError("meter.cookie", COOKIE_SIZE - 1, "does not end in a NUL");
  return text.slice(0, end);
}

/** The first 37 octets of who wants its octets back, TCP and UDP: an echo server sends them back, and so do we. */
export const ROUND_TRIPS_HELLO = emitCookie("hamlet-round-trips");

export function isRoundTripsHello(bytes: Uint8Array): boolean {
  return bytes.length >= COOKIE_SIZE && ROUND_TRIPS_HELLO.every((octet, at) => octet === bytes[at]);
}

/**
 * iperf3 writes its two numbers in the byte order of its machine, so that each may come either way round. Ours are
 * those of the machines that are common: "9876" and "6789".
 */
export const UDP_CONNECT = fromByteString("9876");
export const UDP_CONNECT_REPLY = fromByteString("6789");

/** Whether these octets ask for a UDP stream; iperf3 itself takes whatever comes first. */
export function isUdpConnect(bytes: Uint8Array): boolean {
  return bytes.length === UDP_CONNECT.length && CONNECTS.has(toByteString(bytes));
}

export function isUdpConnectReply(bytes: Uint8Array): boolean {
  return bytes.length === UDP_CONNECT.length && REPLIES.has(toByteString(bytes));
}

export interface DatagramHeader {
  /** The sender's clock, to a microsecond; where it begins is the sender's business. */
  readonly sentAtNs: number;
  /** From 1. */
  readonly packet: number;
}

/** A datagram of `size` octets, zeros behind its header. */
export function emitDatagram(header: DatagramHeader, size: number, wideCounter: boolean): Uint8Array {
  const bytes = new Uint8Array(size);
  stampDatagram(bytes, header, wideCounter);
  return bytes;
}

/** Writes the header over the one that stands there: a sender needs no new memory for each datagram. */
export function stampDatagram(bytes: Uint8Array, header: DatagramHeader, wideCounter: boolean): void {
  const seconds = Math.floor(header.sentAtNs / 1e9);
  setUint32(bytes, 0, seconds);
  setUint32(bytes, 4, Math.floor((header.sentAtNs - seconds * 1e9) / 1000));
  if (wideCounter) {
    setUint32(bytes, 8, Math.floor(header.packet / 2 ** 32));
    setUint32(bytes, 12, header.packet);
  } else setUint32(bytes, 8, header.packet);
}

export function parseDatagram(bytes: Uint8Array, wideCounter: boolean): DatagramHeader {
  const reader = new Reader(bytes);
  const seconds = reader.uint32("meter.datagram.sec");
  const microseconds = reader.uint32("meter.datagram.usec");
  const high = wideCounter ? reader.uint32("meter.datagram.packet.high") : 0;
  const packet = high * 2 ** 32 + reader.uint32("meter.datagram.packet");
  if (packet > Number.MAX_SAFE_INTEGER)
    throw new FormatError("meter.datagram.packet", 8, `${packet} is no count that a test reaches`);
  return { sentAtNs: seconds * 1e9 + microseconds * 1000, packet };
}

/** One line for a list of packets. */
export function describe(bytes: Uint8Array): string {
  if (isUdpConnect(bytes)) return "iperf3 UDP stream: connect";
  if (isUdpConnectReply(bytes)) return "iperf3 UDP stream: connected";
  if (isRoundTripsHello(bytes)) return "Meter round trips: hello";
  if (bytes.length === 1) return `iperf3 ${stateName(bytes[0])}`;
  if (bytes.length === COOKIE_SIZE && bytes.indexOf(0) === COOKIE_SIZE - 1)
    return `iperf3 cookie ${parseCookie(bytes)}`;
  if (bytes.length > 5 && bytes[0] === 0 && bytes[4] === OPENING_BRACE)
    return `iperf3 JSON, ${bytes.length - 4} octets`;
  return `iperf3 data, ${bytes.length} octets`;
}

/**
 * How long the first thing in a TCP stream is, as far as it shows by itself: a cookie, a state, a JSON message; all else is
 * data, up to its end. Undefined while it is incomplete.
 */
export function messageLength(stream: Uint8Array): number | undefined {
  const [first] = stream;
  if (first === undefined) return undefined;
  if (first === State.serverError) return stream.length < 9 ? undefined : 9;
  if (STATE_NAMES.has(first)) return 1;
  if (first >= LETTERS_FROM && first <= LETTERS_TO) {
    if (stream.length < COOKIE_SIZE) return undefined;
    if (stream[COOKIE_SIZE - 1] === 0) return COOKIE_SIZE;
  }
  if (first === 0 && stream.length > 4 && stream[4] === OPENING_BRACE) {
    const length = 4 + ((stream[1] << 16) | (stream[2] << 8) | stream[3]);
    return stream.length < length ? undefined : length;
  }
  return stream.length;
}

function setUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

/** "{" */
const OPENING_BRACE = 0x7b;
/** "2" and "z": what cookies are made of, iperf3's and ours. */
const LETTERS_FROM = 0x32;
const LETTERS_TO = 0x7a;
/** As iperf3 draws its own. */
const COOKIE_LETTERS = "abcdefghijklmnopqrstuvwxyz234567";
/** 0x36373839 and, in iperf3 before 3.7, 123456789, in both byte orders. */
const CONNECTS = new Set(["9876", "6789", "\x15\xcd\x5b\x07", "\x07\x5b\xcd\x15"]);
/** 0x39383736 and, in iperf3 before 3.7, 987654321, in both byte orders. */
const REPLIES = new Set(["6789", "9876", "\xb1\x68\xde\x3a", "\x3a\xde\x68\xb1"]);
const STATE_NAMES: ReadonlyMap<number, string> = new Map([
  [State.testStart, "TEST_START"],
  [State.testRunning, "TEST_RUNNING"],
  [State.testEnd, "TEST_END"],
  [State.parameterExchange, "PARAM_EXCHANGE"],
  [State.createStreams, "CREATE_STREAMS"],
  [State.serverTerminate, "SERVER_TERMINATE"],
  [State.clientTerminate, "CLIENT_TERMINATE"],
  [State.exchangeResults, "EXCHANGE_RESULTS"],
  [State.displayResults, "DISPLAY_RESULTS"],
  [State.iperfDone, "IPERF_DONE"],
  [State.roundTripsOffered, "ROUND_TRIPS_OFFERED"],
  [State.accessDenied, "ACCESS_DENIED"],
  [State.serverError, "SERVER_ERROR"],
]);
