/** Internet Message Access Protocol: RFC 9051, RFC 3501. Lines with a tag, and literals of counted octets between them. */

import { fromByteString, toByteString } from "../../net/index.ts";
import type { Application, Tracker } from "../application.ts";
import type { Walk } from "../walk.ts";
import { beginsWith, shortened, visible } from "./text-lines.ts";

export const imap: Application = {
  key: "imap",
  name: "imap",
  title: "Internet Message Access Protocol",
  standard: "RFC 9051",
  tcpPorts: [143],
  udpPorts: [],
  recognize: (data, fromClient) => !fromClient && beginsWith(data, /^\* OK .*IMAP4/i),
  track: () => new ImapTracker(),
  dissect(walk, packet) {
    packet.protocol = "IMAP";
    const fromClient =
      packet.context.fromClient ?? imap.tcpPorts.includes(packet.transport?.destinationPort ?? 0);
    const state = /^(\d+) octets of a literal$/.exec(packet.context.state ?? "");
    let literal = Number(state?.[1] ?? 0);
    let isContinued = literal > 0 || packet.context.state === CONTINUED;
    const texts: string[] = [];
    if (literal > 0) texts.push(`literal, ${Math.min(literal, walk.left)} octets`);
    while (walk.left > 0) {
      if (literal > 0) {
        const length = Math.min(literal, walk.left);
        const octets = walk.frame.subarray(walk.at, walk.at + Math.min(length, SHOWN_MAX));
        walk.value(length, "imap.literal", "Literal", "4.3", visible(octets));
        literal -= length;
        isContinued = true;
        continue;
      }
      const { text, length } = nextLine(walk);
      texts.push(text);
      if (isContinued) walk.value(length, "imap.line", "Line, continued", "4.3", text);
      else dissectLine(walk, text, length, fromClient);
      literal = literalLength(text);
      isContinued = false;
    }
    packet.info = shortened(`${fromClient ? "C" : "S"}: ${texts.join(" | ")}`);
    return undefined;
  },
};

/**
 * RFC 9051 section 2.2: a tag, and a command; or a tag, "*" or "+", and a response. As in Wireshark, "imap.response" is
 * the tagged one, which answers a command.
 */
function dissectLine(walk: Walk, text: string, length: number, fromClient: boolean): void {
  const end = walk.at + length;
  walk.group("imap.line", "Line", fromClient ? "2.2.1" : "2.2.2", () => {
    // What octets are shown as is longer than they are: words are measured before they are shown.
    const octets = toByteString(walk.frame.subarray(walk.at, end));
    const tag = /^[^ \r\n]+ /.exec(octets)?.[0];
    if (tag === undefined || tag === "* " || tag === "+ ") {
      walk.value(length, "imap.untagged", fromClient ? "Text" : "Untagged response", "7", text);
      return text;
    }
    const side = fromClient ? "request" : "response";
    walk.group(`imap.${side}`, fromClient ? "Command" : "Response", fromClient ? "6" : "7.1", () => {
      walk.value(tag.length, `imap.${side}_tag`, "Tag", "2.2.1", tag.trim());
      if (fromClient) dissectCommand(walk, octets.slice(tag.length));
      else dissectStatus(walk, octets.slice(tag.length));
      const rest = visible(walk.frame.subarray(walk.at, end)).replace(/(?:\\x0d)?(?:\\x0a|\n)$/, "");
      if (walk.at < end) walk.value(end - walk.at, `imap.${side}.parameters`, "Parameters", "", rest.trim());
      return text;
    });
    return text;
  });
}

function dissectCommand(walk: Walk, text: string): void {
  const [, uid, command] = /^(uid )?([a-z]*)/i.exec(text) ?? [];
  if (uid !== undefined) walk.value(uid.length, "imap.request.command.uid", "By UID", "6.4.9", "1");
  if (command !== "") walk.value(command.length, "imap.request.command", "Command", "6", command);
}

/** As in Wireshark the word behind the status is the "command", be it a code in brackets or a word for people. */
function dissectStatus(walk: Walk, text: string): void {
  const [, status, space = "", word] = /^([a-z]*)( ?)([^ \r\n]*)/i.exec(text) ?? [];
  if (status !== "")
    walk.value(status.length + space.length, "imap.response.status", "Status", "7.1", status);
  if (space !== "" && word !== "")
    walk.value(word.length, "imap.response.command", "First word", "7.1", visible(fromByteString(word)));
}

/** Follows the literals of both sides: their octets are no lines, whatever they look like. */
class ImapTracker implements Tracker {
  readonly #sides = [
    { literal: 0, line: "" },
    { literal: 0, line: "" },
  ];

  handle(fromClient: boolean, data: Uint8Array): string | undefined {
    const side = this.#sides[fromClient ? 0 : 1];
    const state =
      side.literal > 0 ? `${side.literal} octets of a literal` : side.line === "" ? undefined : CONTINUED;
    for (let at = 0; at < data.length; ) {
      if (side.literal > 0) {
        const length = Math.min(side.literal, data.length - at);
        side.literal -= length;
        at += length;
        // What follows the literal is the same command, or response.
        if (side.literal === 0) side.line = ")";
        continue;
      }
      const found = data.indexOf(LF, at);
      const end = found === -1 ? data.length : found + 1;
      side.line += toByteString(data.subarray(Math.max(at, end - TAIL), end));
      at = end;
      if (found === -1) break;
      side.literal = literalLength(side.line.replace(/\r?\n$/, ""));
      side.line = "";
    }
    side.line = side.line.slice(-TAIL);
    return state;
  }
}

function literalLength(line: string): number {
  const marker = /\{(\d{1,10})\+?\}$/.exec(line);
  return marker === null ? 0 : Number(marker[1]);
}

function nextLine(walk: Walk): { text: string; length: number } {
  const found = walk.frame.indexOf(LF, walk.at);
  const end = found === -1 || found >= walk.end ? walk.end : found + 1;
  let textEnd = end;
  if (textEnd > walk.at && walk.frame[textEnd - 1] === LF) textEnd--;
  if (textEnd > walk.at && walk.frame[textEnd - 1] === CR) textEnd--;
  return { text: visible(walk.frame.subarray(walk.at, textEnd)), length: end - walk.at };
}

/** The state of packets that begin within a line. */
const CONTINUED = "the rest of a line";
const [CR, LF] = [13, 10];
/** A marker of a literal is shorter. */
const TAIL = 20;
/** Of a literal; more is in the octets. */
const SHOWN_MAX = 1000;
