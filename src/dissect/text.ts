/** Everything that this folder knows, as text for a terminal: lines without colours, each with its end. */

import { type Endpoint, formatEndpoint } from "../net/index.ts";
import { bitsPerSecond, type Conversation } from "./conversations.ts";
import type { Dialogue } from "./dialogue.ts";
import type { Dissection, Field } from "./dissection.ts";
import type { Names, PacketRow } from "./packet-table.ts";
import type { CaptureSummary, HierarchyNode } from "./summary.ts";

/** "crepes.fr 10.1.0.25:49152 -> mail.hamburger.edu 10.2.0.25:25, smtp", then the lines with their times. */
export function dialogueText(dialogue: Dialogue, names: Names = new Map()): string {
  const { conversation, lines, omittedCount } = dialogue;
  let text = `${conversationTitle(conversation, names)}\n`;
  for (const { timeNs, from, text: line } of lines) {
    const mark = from === "note" ? "--" : from === "client" ? "C:" : "S:";
    text += `${secondsText(timeNs).padStart(12)} s  ${mark} ${line}`.trimEnd();
    text += "\n";
  }
  return omittedCount === 0 ? text : `${text}${" ".repeat(16)}-- ${omittedCount} more lines\n`;
}

export function conversationTitle(conversation: Conversation, names: Names = new Map()): string {
  const { client, server, protocol, application } = conversation;
  return `${endpointText(client, names)} -> ${endpointText(server, names)}, ${application ?? protocol}`;
}

/** The packet list with its heading; columns are as wide as the rows need. */
export function packetTableText(rows: Iterable<PacketRow>): string {
  const table = [["No.", "Time", "Source", "Destination", "Protocol", "Length", "Info"]];
  for (const row of rows) {
    const { source, destination, protocol, info, comment } = row;
    const remark = comment === undefined ? "" : `  (${comment})`;
    const problems = row.problems.length === 0 ? "" : `  [${row.problems.join("; ")}]`;
    const time = secondsText(row.timeNs);
    const last = `${info}${problems}${remark}`;
    table.push([String(row.number), time, source, destination, protocol, String(row.length), last]);
  }
  return columnsText(table, ["right", "right", "left", "left", "left", "right", "left"]);
}

export function summaryText(summary: CaptureSummary): string {
  return columnsText(summaryRows(summary), ["left", "right"]);
}

/** Name and value of each figure. */
export function summaryRows(summary: CaptureSummary): [string, string][] {
  return [
    ["Packets", String(summary.packets)],
    ["Time span, s", summary.timeSpanSeconds.toFixed(3)],
    ["Average packets/s", summary.averagePacketsPerSecond.toFixed(1)],
    ["Average packet size, B", summary.averagePacketSizeBytes.toFixed(1)],
    ["Bytes", String(summary.bytes)],
    ["Average bytes/s", summary.averageBytesPerSecond.toFixed(1)],
    ["Average bits/s", summary.averageBitsPerSecond.toFixed(1)],
  ];
}

/** One line per conversation, both directions, as Wireshark's conversation window. */
export function conversationsText(conversations: readonly Conversation[], names: Names = new Map()): string {
  const table = [CONVERSATION_TITLES];
  for (const [index, conversation] of conversations.entries()) {
    const { client, server, protocol, application, toServer, toClient, startNs, endNs } = conversation;
    table.push([
      String(index + 1),
      endpointText(client, names),
      endpointText(server, names),
      application === undefined ? protocol : `${protocol} ${application}`,
      ...[toServer.packets, toServer.octets, toClient.packets, toClient.octets].map(String),
      ...[startNs, endNs - startNs].map(secondsText),
      ...(["toServer", "toClient"] as const).map((way) => bitsPerSecond(conversation, way).toFixed(0)),
    ]);
  }
  return columnsText(table, ["right", "left", "left", "left"]);
}

export function hierarchyText(nodes: readonly HierarchyNode[]): string {
  const table = [["Protocol", "Packets", "Bytes"]];
  const visit = (list: readonly HierarchyNode[], indent: string): void => {
    for (const { protocol, packets, bytes, children } of list) {
      table.push([indent + protocol, String(packets), String(bytes)]);
      visit(children, `${indent}  `);
    }
  };
  visit(nodes, "");
  return columnsText(table, ["left"]);
}

/** The tree of layers and fields with the octets of each: "[34, 36)". */
export function dissectionText(dissection: Dissection): string {
  let text = `${dissection.source} -> ${dissection.destination}, ${dissection.protocol}: ${dissection.info}\n`;
  for (const { title, start, end, fields, reference } of dissection.layers) {
    text += `${title} [${start}, ${end})${reference === "" ? "" : `, ${reference}`}\n`;
    text += fieldsText(fields, "    ");
  }
  return text;
}

function fieldsText(fields: readonly Field[], indent: string): string {
  let text = "";
  for (const { name, value, note, start, end, reference, problem, children } of fields) {
    text += `${indent}${name}${value === "" ? "" : `: ${value}`}${note === undefined ? "" : ` (${note})`}`;
    text += `${problem === undefined ? "" : ` *** ${problem}`} [${start}, ${end})`;
    text += `${reference === undefined ? "" : `, ${reference}`}\n`;
    if (children !== undefined) text += fieldsText(children, `${indent}    `);
  }
  return text;
}

/** Virtual time in seconds with microseconds: "0.136482". */
export function secondsText(timeNs: number): string {
  return (timeNs / 1e9).toFixed(6);
}

function endpointText(endpoint: Endpoint, names: Names): string {
  const name = names.get(endpoint.address);
  return name === undefined ? formatEndpoint(endpoint) : `${name} ${formatEndpoint(endpoint)}`;
}

/** Rows in columns two spaces apart; columns without an alignment are aligned to the right. */
function columnsText(rows: readonly string[][], alignments: readonly ("left" | "right")[]): string {
  const widths = rows[0].map((_, column) =>
    rows.reduce((width, row) => Math.max(width, row[column].length), 0),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) =>
        alignments[column] === "left" ? cell.padEnd(widths[column]) : cell.padStart(widths[column]),
      )
      .join("  ")
      .trimEnd();
  return rows.map((row) => `${line(row)}\n`).join("");
}

/** "->" to the server, "<-" to the client. */
const CONVERSATION_TITLES = [
  ...["No.", "Client", "Server", "Protocol", "Packets ->", "Bytes ->", "Packets <-", "Bytes <-"],
  ...["Start", "Duration", "Bits/s ->", "Bits/s <-"],
];
