/** The DNS: RFC 1035; over TCP with two octets of length in front (RFC 7766 section 8). */

import { FormatError, Reader } from "../../bytes/index.ts";
import {
  describeMessage,
  displayName,
  fieldsOf,
  opcodes,
  parseMessage,
  type RecordType,
  readName,
  recordClasses,
  recordTypeCodes,
  responseCodes,
} from "../../protocols/dns/wire.ts";
import type { Application } from "../application.ts";
import type { Packet } from "../dissector.ts";
import type { Walk } from "../walk.ts";

export const dns: Application = {
  key: "dns",
  name: "dns",
  title: "Domain Name System",
  standard: "RFC 1035",
  tcpPorts: [53],
  udpPorts: [53],
  dissect(walk, packet) {
    packet.protocol = "DNS";
    let end = walk.end;
    if (packet.transport?.protocol === "tcp") {
      const length = walk.uint16("dns.length", "Length", "RFC 7766 section 8");
      end = walk.at + length;
      if (end > walk.end) return dissectPart(walk, packet, length);
    }
    new MessageWalk(walk, packet, end).dissect();
    // More messages may follow in the same segment.
    return packet.transport?.protocol === "tcp" && walk.left > 0 ? { by: "port" } : undefined;
  },
  messages: {
    streamPrefix: 2,
    lengthInStream(stream) {
      if (stream.length < 2) return undefined;
      const length = 2 + ((stream[0] << 8) | stream[1]);
      return stream.length < length ? undefined : length;
    },
    describe: (message) => describe(message),
  },
};

function dissectPart(walk: Walk, packet: Packet, length: number): undefined {
  packet.info = `part of a message of ${length} octets`;
  walk.octets(walk.left, "dns.part", "Part of a message", "RFC 7766 section 8");
  return undefined;
}

function describe(message: Uint8Array): string {
  try {
    return describeMessage(parseMessage(message));
  } catch (error) {
    return `malformed message: ${(error as Error).message}`;
  }
}

/** Walks one message, which ends at `end`. */
class MessageWalk {
  readonly #walk: Walk;
  readonly #packet: Packet;
  readonly #start: number;
  /** The message by itself: compression pointers count from its start. */
  readonly #message: Uint8Array;

  constructor(walk: Walk, packet: Packet, end: number) {
    this.#walk = walk;
    this.#packet = packet;
    this.#start = walk.at;
    this.#message = walk.frame.subarray(walk.at, end);
  }

  dissect(): void {
    const walk = this.#walk;
    walk.uint16("dns.id", "Transaction ID", "4.1.1", { hex: true });
    const isResponse = this.#flags();
    walk.title = `Domain Name System (${isResponse ? "response" : "query"})`;
    const counts = SECTIONS.map(([key, name]) => walk.uint16(`dns.count.${key}`, `${name} count`, "4.1.1"));
    for (const [i, [, name]] of SECTIONS.entries()) {
      // Records are walked until the message ends, so a forged count costs nothing.
      for (let left = counts[i]; left > 0; left--) this.#record(i === 0 ? "Question" : name, i === 0);
    }
    this.#packet.info = describe(this.#message);
    const left = this.#start + this.#message.length - walk.at;
    if (left > 0) walk.octets(left, "dns.trailing", "Octets behind the last record", "4.1");
  }

  #flags(): boolean {
    const [response] = this.#walk.bits(2, "4.1.1", [
      ["dns.flags.response", "Response", 1],
      ["dns.flags.opcode", "Opcode", 4, { note: (number) => opcodes.name(number) }],
      ["dns.flags.authoritative", "Authoritative answer", 1],
      ["dns.flags.truncated", "Truncated", 1],
      ["dns.flags.recdesired", "Recursion desired", 1],
      ["dns.flags.recavail", "Recursion available", 1],
      ["dns.flags.z", "Z", 1],
      ["dns.flags.authenticated", "Authentic data", 1],
      ["dns.flags.checkdisable", "Checking disabled", 1],
      ["dns.flags.rcode", "Response code", 4, { note: (number) => responseCodes.name(number) }],
    ]);
    return response === 1;
  }

  #record(what: string, isQuestion: boolean): void {
    const walk = this.#walk;
    const prefix = isQuestion ? "dns.qry" : "dns.resp";
    const section = isQuestion ? "4.1.2" : "4.1.3";
    walk.group(isQuestion ? "dns.query" : "dns.record", what, section, () => {
      const owner = this.#name(`${prefix}.name`, "Name", section);
      const typeNote = (number: number): string => recordTypeCodes.name(number);
      const type = recordTypeCodes.name(walk.uint16(`${prefix}.type`, "Type", section, { note: typeNote }));
      const classNote = (number: number): string | undefined =>
        type === "OPT" ? "UDP payload size" : recordClasses.name(number);
      walk.uint16(`${prefix}.class`, "Class", section, { hex: true, note: classNote });
      if (isQuestion) return `${owner} ${type}`;
      walk.uint32(`${prefix}.ttl`, type === "OPT" ? "Extended code and flags" : "Time to live (s)", section);
      const length = walk.uint16(`${prefix}.len`, "Data length", section);
      return `${owner} ${type} ${this.#data(type, length)}`.trimEnd();
    });
  }

  /** The data by the fields that the type consists of; returns them as text. */
  #data(type: RecordType, length: number): string {
    const start = this.#walk.at - this.#start;
    if (length > this.#message.length - start) throw this.#walk.error(`data of ${length} octets are cut off`);
    const reader = new Reader(this.#message, start, start + length);
    const texts: string[] = [];
    for (const [key, field] of Object.entries(fieldsOf(type))) {
      const before = reader.offset;
      const text = field.toText(this.#read(() => field.read(reader, `dns.${key}`)));
      texts.push(text);
      const name = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
      const title = name[0].toUpperCase() + name.slice(1);
      this.#walk.value(reader.offset - before, `dns.${type.toLowerCase()}.${key}`, title, "3.3", text);
    }
    if (reader.left > 0) this.#walk.octets(reader.left, "dns.data", "Octets behind the data", "4.1.3");
    return texts.join(" ");
  }

  #name(key: string, title: string, section: string): string {
    const start = this.#walk.at - this.#start;
    const reader = new Reader(this.#message, start);
    const text = displayName(this.#read(() => readName(reader, key)));
    this.#walk.value(reader.offset - start, key, title, section, text);
    return text;
  }

  /** Errors of the wire count from the start of the message, ours from that of the frame. */
  #read<T>(read: () => T): T {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      const { field, message, offset } = error;
      throw new FormatError(field, this.#start + offset, message.replace(/^.*? at octet \d+: /, ""));
    }
  }
}

const SECTIONS = [
  ["queries", "Question"],
  ["answers", "Answer"],
  ["auth_rr", "Authority"],
  ["add_rr", "Additional"],
] as const;
