/** What `dig` prints: the layout of BIND's tool, which tutorials and scripts know, and the same as JSON. */

import type { Endpoint } from "../../net/index.ts";
import {
  type Exchange,
  formatData,
  headerFlags,
  type Message,
  type Question,
  type ResourceRecord,
} from "../../protocols/dns/index.ts";
import { formatDate } from "../../protocols/message/index.ts";

export function formatExchange(exchange: Exchange, server: Endpoint, unixMs: number): string {
  const { message } = exchange;
  return [
    formatHeader(message),
    "\n",
    formatOpt(message),
    ...(message.questions.length > 0
      ? [";; QUESTION SECTION:\n", ...message.questions.map(formatQuestion), "\n"]
      : []),
    formatSection("ANSWER", message.answers),
    formatSection("AUTHORITY", message.authorities),
    formatSection("ADDITIONAL", message.additionals),
    `;; Query time: ${milliseconds(exchange)} msec\n`,
    `;; SERVER: ${server.address}#${server.port} (${exchange.transport.toUpperCase()})\n`,
    `;; WHEN: ${formatDate(unixMs)}\n`,
    `;; MSG SIZE  rcvd: ${exchange.octets}\n\n`,
  ].join("");
}

/** The line under each step of a trace. */
export function formatTraceStep(exchange: Exchange, server: Endpoint): string {
  const from = `${server.address}#${server.port}`;
  return `;; Received ${exchange.octets} bytes from ${from} in ${milliseconds(exchange)} ms\n\n`;
}

export function formatRecords(records: readonly ResourceRecord[]): string {
  return records.map((record) => `${inColumns(record)}\n`).join("");
}

/** The answer for programs: names and data as text. */
export function toJson(exchange: Exchange, server: Endpoint): object {
  const { message } = exchange;
  const records = (section: readonly ResourceRecord[]): object[] =>
    section.map((record) => {
      const { type } = record.data;
      return { name: record.name, ttlSeconds: record.ttlSeconds, type, data: formatData(record.data) };
    });
  return {
    server: `${server.address}#${server.port}`,
    transport: exchange.transport,
    queryTimeMs: exchange.elapsedNs / 1e6,
    octets: exchange.octets,
    id: message.id,
    opcode: message.opcode,
    status: message.responseCode,
    flags: flagsOf(message),
    question: message.questions.map(({ name, type }) => ({ name, type })),
    answer: records(message.answers),
    authority: records(message.authorities),
    additional: records(message.additionals),
  };
}

function formatHeader(message: Message): string {
  const { questions, answers, authorities, additionals, edns } = message;
  const counts = [
    `QUERY: ${questions.length}`,
    `ANSWER: ${answers.length}`,
    `AUTHORITY: ${authorities.length}`,
    `ADDITIONAL: ${additionals.length + (edns === undefined ? 0 : 1)}`,
  ];
  const flags = flagsOf(message).map((flag) => ` ${flag}`);
  return (
    ";; Got answer:\n" +
    `;; ->>HEADER<<- opcode: ${message.opcode}, status: ${message.responseCode}, id: ${message.id}\n` +
    `;; flags:${flags.join("")}; ${counts.join(", ")}\n` +
    (message.recursionDesired && !message.recursionAvailable
      ? ";; WARNING: recursion requested but not available\n"
      : "")
  );
}

function flagsOf(message: Message): string[] {
  const bits = headerFlags(message);
  return FLAGS.filter(([bit]) => (bits & bit) !== 0).map(([, flag]) => flag);
}

function formatOpt({ edns }: Message): string {
  if (edns === undefined) return "";
  const flags = edns.dnssecOk ? " do" : "";
  return `;; OPT PSEUDOSECTION:\n; EDNS: version: ${edns.version}, flags:${flags}; udp: ${edns.udpPayloadMax}\n`;
}

function formatQuestion(question: Question): string {
  return `${padded(`;${question.name}`, NAME_COLUMNS + TTL_COLUMNS)}${question.class}\t${question.type}\n`;
}

function formatSection(title: string, records: readonly ResourceRecord[]): string {
  return records.length === 0 ? "" : `;; ${title} SECTION:\n${formatRecords(records)}\n`;
}

function inColumns(record: ResourceRecord): string {
  const { name, ttlSeconds, data } = record;
  const start = padded(padded(name, NAME_COLUMNS) + ttlSeconds, NAME_COLUMNS + TTL_COLUMNS);
  return `${start}${record.class}\t${data.type}\t${formatData(data)}`;
}

/** With tabs up to a column, one at least. */
function padded(text: string, column: number): string {
  let width = 0;
  for (const character of text) width = character === "\t" ? (Math.floor(width / TAB) + 1) * TAB : width + 1;
  return text + "\t".repeat(Math.max(1, Math.ceil((column - width) / TAB)));
}

function milliseconds(exchange: Exchange): number {
  return Math.round(exchange.elapsedNs / 1e6);
}

const TAB = 8;
const NAME_COLUMNS = 24;
const TTL_COLUMNS = 8;
/** Bits of the header in the order in which dig names them. */
const FLAGS: readonly (readonly [number, string])[] = [
  [0x8000, "qr"],
  [0x0400, "aa"],
  [0x0200, "tc"],
  [0x0100, "rd"],
  [0x0080, "ra"],
  [0x0020, "ad"],
  [0x0010, "cd"],
];
