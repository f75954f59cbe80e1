/** Hypertext Transfer Protocol, HTTP/1.1: RFC 9112, with the fields of RFC 9110. */

import { HTTP_PORT } from "../../protocols/http/wire.ts";
import type { Application, Tracker } from "../application.ts";
import type { Walk } from "../walk.ts";
import { emitPieces, HttpStreams, type Piece, parsePieces } from "./http-stream.ts";
import { beginsWith, shortened, visible } from "./text-lines.ts";

export const http: Application = {
  key: "http",
  name: "http",
  title: "Hypertext Transfer Protocol",
  standard: "RFC 9112",
  tcpPorts: [HTTP_PORT, 8080],
  udpPorts: [],
  recognize: (data, fromClient) =>
    fromClient
      ? beginsWith(data, /^[A-Z]{3,10} [!-~]+ HTTP\/1\.\d/)
      : beginsWith(data, /^HTTP\/1\.\d [1-9]\d\d/),
  track(): Tracker {
    const streams = new HttpStreams();
    return { handle: (fromClient, data) => emitPieces(streams.handle(fromClient, data)) };
  },
  dissect(walk, packet) {
    packet.protocol = "HTTP";
    const octets = walk.frame.subarray(walk.at, walk.end);
    const fromClient = packet.context.fromClient ?? !beginsWith(octets, /^HTTP\//);
    const { state } = packet.context;
    const pieces = state === undefined ? new HttpStreams().handle(fromClient, octets) : parsePieces(state);
    packet.info = shortened(infoOf(octets, pieces));
    for (const piece of pieces) showPiece(walk, piece, fromClient);
    return undefined;
  },
};

/** The start lines in the packet, with what the content is; else what else is in it. */
function infoOf(octets: Uint8Array, pieces: readonly Piece[]): string {
  const starts: string[] = [];
  let at = 0;
  let contentLength = 0;
  for (const { kind, length } of pieces) {
    const text = kind === "start" || kind === "field" ? lineText(octets.subarray(at, at + length)) : "";
    const type = /^content-type:[ \t]*([^;\s]+)/i.exec(text)?.[1];
    if (kind === "start") starts.push(text);
    else if (type !== undefined && starts.length > 0) starts.push(`${starts.pop()} (${type})`);
    else if (kind === "content") contentLength += length;
    at += length;
  }
  if (starts.length > 0) return starts.join(" | ");
  return contentLength > 0 ? `Content, ${contentLength} octets` : "Continuation";
}

function showPiece(walk: Walk, { kind, length: planned }: Piece, fromClient: boolean): void {
  // A frame that was cut shorter than it was sent.
  const length = Math.min(planned, walk.left);
  if (length === 0) return;
  const octets = walk.frame.subarray(walk.at, walk.at + length);
  const text = lineText(octets);
  if (kind === "start" && fromClient) showRequestLine(walk, text, length);
  else if (kind === "start") showStatusLine(walk, text, length);
  else if (kind === "field" || kind === "trailer") showField(walk, text, length, fromClient);
  else if (kind === "content") walk.value(length, "http.file_data", "Content", "6.2", shownContent(octets));
  else if (kind === "chunk-size")
    walk.value(length, "http.chunk_size", "Chunk size", "7.1", text, `${Number.parseInt(text, 16)} octets`);
  else walk.value(length, "http.line_end", "Line end", kind === "end" ? "2.1" : "7.1", text);
}

function showRequestLine(walk: Walk, text: string, length: number): void {
  const [method, target, version] = text.split(" ");
  walk.group("http.request_line", "Request line", "3", () => {
    if (version === undefined) walk.value(length, "http.request.line_part", "Part of the line", "3", text);
    else {
      walk.value(method.length + 1, "http.request.method", "Method", "3.1", method);
      walk.value(target.length + 1, "http.request.uri", "Target", "3.2", target);
      walk.value(
        length - method.length - target.length - 2,
        "http.request.version",
        "Version",
        "2.3",
        version,
      );
    }
    return text;
  });
}

function showStatusLine(walk: Walk, text: string, length: number): void {
  const [, version, code, phrase = ""] = /^(HTTP\/1\.\d) (\d{3})(?: (.*))?$/.exec(text) ?? [];
  walk.group("http.status_line", "Status line", "4", () => {
    if (version === undefined) walk.value(length, "http.response.line_part", "Part of the line", "4", text);
    else {
      walk.value(9, "http.response.version", "Version", "2.3", version);
      walk.value(Math.min(4, length - 9), "http.response.code", "Status", "RFC 9110 section 15", code);
      if (length > 13) walk.value(length - 13, "http.response.phrase", "Reason", "4", phrase);
    }
    return text;
  });
}

function showField(walk: Walk, text: string, length: number, fromClient: boolean): void {
  const colon = text.indexOf(":");
  const name = text.slice(0, Math.max(0, colon));
  const value = text.slice(colon + 1).trim();
  const [key, section] = FIELDS.get(name.toLowerCase()) ?? [
    fromClient ? "http.request.line" : "http.response.line",
    "5",
  ];
  walk.value(
    length,
    key,
    name === "" ? "Field" : name,
    section,
    FIELDS.has(name.toLowerCase()) ? value : text,
  );
}

function lineText(octets: Uint8Array): string {
  let end = octets.length;
  if (end > 0 && octets[end - 1] === 10) end--;
  if (end > 0 && octets[end - 1] === 13) end--;
  return visible(octets.subarray(0, end));
}

/** Text as text, the rest counted. */
function shownContent(octets: Uint8Array): string {
  const head = octets.subarray(0, CONTENT_SHOWN);
  const isText = head.every((octet) => octet >= 32 || (octet >= 9 && octet <= 13));
  if (!isText) return `${octets.length} octets`;
  return octets.length > CONTENT_SHOWN ? `${visible(head)}… (${octets.length} octets)` : visible(octets);
}

/** More does not fit on a line of the tree. */
const CONTENT_SHOWN = 200;

/** Wireshark's key of a field, and where the standard has it. */
const FIELDS: ReadonlyMap<string, readonly [key: string, section: string]> = new Map([
  ["accept", ["http.accept", "RFC 9110 section 12.5.1"]],
  ["accept-encoding", ["http.accept_encoding", "RFC 9110 section 12.5.3"]],
  ["accept-language", ["http.accept_language", "RFC 9110 section 12.5.4"]],
  ["connection", ["http.connection", "RFC 9110 section 7.6.1"]],
  ["content-length", ["http.content_length_header", "RFC 9110 section 8.6"]],
  ["content-type", ["http.content_type", "RFC 9110 section 8.3"]],
  ["cookie", ["http.cookie", "RFC 6265 section 4.2"]],
  ["date", ["http.date", "RFC 9110 section 6.6.1"]],
  ["host", ["http.host", "RFC 9110 section 7.2"]],
  ["location", ["http.location", "RFC 9110 section 10.2.2"]],
  ["referer", ["http.referer", "RFC 9110 section 10.1.3"]],
  ["server", ["http.server", "RFC 9110 section 10.2.4"]],
  ["set-cookie", ["http.set_cookie", "RFC 6265 section 4.1"]],
  ["transfer-encoding", ["http.transfer_encoding", "6.1"]],
  ["user-agent", ["http.user_agent", "RFC 9110 section 10.1.5"]],
]);
