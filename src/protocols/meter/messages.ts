/**
 * The two JSON messages of iperf3's control connection: the client's parameters and each side's results. What a peer
 * sends is bounded, and only fields that were checked come out; unknown ones are ignored, as iperf3 ignores ours.
 */

import { decodeUtf8, encodeUtf8, FormatError, Writer } from "../../bytes/index.ts";
import { type Connection, formatEndpoint, type Task } from "../../net/index.ts";
import { outOfTurn } from "./errors.ts";

/** What the client wants measured. */
export interface Parameters {
  readonly protocol: "tcp" | "udp";
  /** 0: until `octets` have been sent. */
  readonly durationMs: number;
  /** What is sent in this time first is not counted. */
  readonly omitMs: number;
  /** All streams together; 0: until the time is over. */
  readonly octets: number;
  /** Octets of a write or a datagram. */
  readonly size: number;
  readonly parallel: number;
  /** The server sends. */
  readonly reverse: boolean;
  /** Bits per second of each stream; 0: as fast as it goes. */
  readonly rateBps: number;
  /** Packet numbers of UDP have 64 bits. */
  readonly wideCounters: boolean;
  /** Our own: the client would like to measure round trips beside the streams. */
  readonly wantsRoundTrips: boolean;
}

/** What one side counted of one stream. */
export interface StreamResult {
  readonly id: number;
  readonly octets: number;
  /** UDP: the highest number that was sent or seen. */
  readonly packets: number;
  readonly lost: number;
  readonly jitterMs: number;
  readonly seconds: number;
  /** Our own, absent from iperf3. */
  readonly reordered: number | undefined;
  readonly duplicates: number | undefined;
}

export function emitParameters(parameters: Parameters): Uint8Array {
  const { protocol, reverse, wideCounters, wantsRoundTrips } = parameters;
  return emitJson({
    [protocol]: true,
    omit: Math.round(parameters.omitMs / 1000),
    time: Math.ceil(parameters.durationMs / 1000),
    num: parameters.octets,
    blockcount: 0,
    parallel: parameters.parallel,
    ...(reverse ? { reverse: true } : {}),
    len: parameters.size,
    bandwidth: Math.round(parameters.rateBps),
    pacing_timer: 1000,
    ...(wideCounters ? { udp_counters_64bit: 1 } : {}),
    ...(wantsRoundTrips ? { hamlet_round_trips: 1 } : {}),
    client_version: VERSION,
  });
}

/** Throws FormatError; `unsupported` says what a well-formed request wants that this server does not do. */
export function parseParameters(json: Uint8Array): { parameters: Parameters; unsupported?: string } {
  const fields = parseFields(json, "meter.parameters");
  const protocol = fields.flag("udp") ? "udp" : "tcp";
  const size = fields.integer("len", 1, protocol === "udp" ? DATAGRAM_SIZE_MAX : BLOCK_SIZE_MAX, BLOCK_SIZE);
  const blocks = fields.integer("blockcount", 0, Number.MAX_SAFE_INTEGER / BLOCK_SIZE_MAX, 0);
  const parameters: Parameters = {
    protocol,
    durationMs: 1000 * fields.integer("time", 0, SECONDS_MAX, 10),
    omitMs: 1000 * fields.integer("omit", 0, OMIT_SECONDS_MAX, 0),
    octets: fields.integer("num", 0, Number.MAX_SAFE_INTEGER, 0) || blocks * size,
    size,
    parallel: fields.integer("parallel", 1, PARALLEL_MAX, 1),
    reverse: fields.flag("reverse"),
    rateBps: fields.number("bandwidth", 0, Number.MAX_SAFE_INTEGER, 0),
    wideCounters: fields.flag("udp_counters_64bit"),
    wantsRoundTrips: fields.flag("hamlet_round_trips"),
  };
  if (protocol === "udp" && size < DATAGRAM_SIZE_MIN)
    throw new FormatError("meter.parameters.len", 0, `${size} octets hold no header`);
  const unsupported = ["sctp", "bidirectional"].find((name) => fields.flag(name));
  return unsupported === undefined ? { parameters } : { parameters, unsupported };
}

export function emitResults(streams: readonly StreamResult[]): Uint8Array {
  return emitJson({
    cpu_util_total: 0,
    cpu_util_user: 0,
    cpu_util_system: 0,
    sender_has_retransmits: 0,
    streams: streams.map((stream) => ({
      id: stream.id,
      bytes: stream.octets,
      retransmits: 0,
      jitter: stream.jitterMs / 1000,
      errors: stream.lost,
      packets: stream.packets,
      start_time: 0,
      end_time: stream.seconds,
      ...(stream.reordered === undefined ? {} : { hamlet_reordered: stream.reordered }),
      ...(stream.duplicates === undefined ? {} : { hamlet_duplicates: stream.duplicates }),
    })),
  });
}

/** Throws FormatError, also when it is not of exactly these streams. */
export function parseResults(json: Uint8Array, ids: readonly number[]): StreamResult[] {
  const list = parseFields(json, "meter.results").value("streams");
  if (!Array.isArray(list) || list.length !== ids.length)
    throw new FormatError("meter.results.streams", 0, `is no list of ${ids.length} streams`);
  const results = list.map((entry) => parseStream(new Fields(entry, "meter.results.streams")));
  const missing = ids.find((id) => !results.some((result) => result.id === id));
  if (missing !== undefined) throw new FormatError("meter.results.streams", 0, `has no stream ${missing}`);
  return results;
}

function parseStream(fields: Fields): StreamResult {
  const count = (name: string): number => fields.number(name, 0, Number.MAX_SAFE_INTEGER, 0);
  const own = (name: string): number | undefined =>
    fields.value(name) === undefined ? undefined : count(name);
  return {
    id: fields.integer("id", 1, STREAM_ID_MAX, 0),
    octets: count("bytes"),
    packets: count("packets"),
    // Duplicates make iperf3 count less than nothing.
    lost: Math.max(0, fields.number("errors", Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0)),
    jitterMs: 1000 * count("jitter"),
    seconds: Math.max(0, count("end_time") - count("start_time")),
    reordered: own("hamlet_reordered"),
    duplicates: own("hamlet_duplicates"),
  };
}

/** Reads one message: 4 octets of length, then JSON. */
export function* readJson(connection: Connection, timeoutMs: number): Task<Uint8Array> {
  const [a, b, c, d] = yield* connection.readExactly(4, timeoutMs);
  const length = ((a << 24) | (b << 16) | (c << 8) | d) >>> 0;
  if (length > JSON_MAX) throw outOfTurn(formatEndpoint(connection.remote), `a message of ${length} octets`);
  return yield* connection.readExactly(length, timeoutMs);
}

function emitJson(value: object): Uint8Array {
  const json = encodeUtf8(JSON.stringify(value));
  return new Writer(4 + json.length).uint32(json.length).append(json).finish();
}

function parseFields(json: Uint8Array, what: string): Fields {
  const text = decodeUtf8(json);
  if (text === undefined) throw new FormatError(what, 0, "is not UTF-8");
  try {
    return new Fields(JSON.parse(text), what);
  } catch (error) {
    if (error instanceof FormatError) throw error;
    throw new FormatError(what, 0, "is not JSON");
  }
}

/** An object whose fields are read with their limits. */
class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #what: string;

  constructor(value: unknown, what: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw new FormatError(what, 0, "is no object");
    this.#object = value as Record<string, unknown>;
    this.#what = what;
  }

  value(name: string): unknown {
    return Object.hasOwn(this.#object, name) ? this.#object[name] : undefined;
  }

  /** true, or a number that is not 0: iperf3 writes both. */
  flag(name: string): boolean {
    const value = this.value(name);
    return value === true || (typeof value === "number" && value !== 0);
  }

  number(name: string, least: number, most: number, absent: number): number {
    const value = this.value(name) ?? absent;
    if (typeof value !== "number" || !(value >= least && value <= most))
      throw new FormatError(`${this.#what}.${name}`, 0, `is no number from ${least} to ${most}`);
    return value;
  }

  integer(name: string, least: number, most: number, absent: number): number {
    const value = this.number(name, least, most, absent);
    if (!Number.isInteger(value)) throw new FormatError(`${this.#what}.${name}`, 0, `${value} is not whole`);
    return value;
  }
}

/** The version whose protocol this is; iperf3 shows it and decides nothing by it. */
const VERSION = "3.12";
/** iperf3's own limits: MAX_STREAMS, MAX_BLOCKSIZE, MAX_UDP_BLOCKSIZE, MAX_TIME, MAX_OMIT_TIME. */
export const PARALLEL_MAX = 128;
export const BLOCK_SIZE_MAX = 1024 * 1024;
export const DATAGRAM_SIZE_MAX = 65_507;
const SECONDS_MAX = 86_400;
const OMIT_SECONDS_MAX = 600;
/** iperf3's MIN_BLOCKSIZE of UDP: sec, usec and a number of 64 bits. */
export const DATAGRAM_SIZE_MIN = 16;
/** iperf3's default for TCP. */
const BLOCK_SIZE = 128 * 1024;
const STREAM_ID_MAX = 2 ** 31;
/** 128 streams of iperf3 take 22 KB; with --get-server-output a long test's text comes along. */
const JSON_MAX = 256 * 1024;
