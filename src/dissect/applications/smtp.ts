/** Simple Mail Transfer Protocol: RFC 5321. */

import { toByteString } from "../../net/index.ts";
import type { Application, Tracker } from "../application.ts";
import type { Packet } from "../dissector.ts";
import type { Walk } from "../walk.ts";
import { beginsWith, type Line, linesOf, shortened } from "./text-lines.ts";

export const smtp: Application = {
  key: "smtp",
  name: "smtp",
  title: "Simple Mail Transfer Protocol",
  standard: "RFC 5321",
  tcpPorts: [25, 587],
  udpPorts: [],
  recognize: (data, fromClient) =>
    fromClient ? beginsWith(data, /^(EHLO|HELO) /i) : beginsWith(data, /^220[ -].*S?MTP/i),
  track: () => new SmtpTracker(),
  dissect(walk, packet) {
    packet.protocol = "SMTP";
    const fromClient = packet.context.fromClient ?? isServerPort(packet.transport?.destinationPort);
    if (packet.context.state === CONTENT) dissectContent(walk, packet);
    else if (fromClient) dissectCommands(walk, packet);
    else dissectReplies(walk, packet);
    return undefined;
  },
};

function isServerPort(port: number | undefined): boolean {
  return port !== undefined && smtp.tcpPorts.includes(port);
}

function dissectContent(walk: Walk, packet: Packet): void {
  const lines = linesOf(walk);
  packet.info = `C: message content, ${walk.left} octets`;
  for (const line of lines) {
    if (line.text === "." && line.length > 1)
      walk.value(line.length, "smtp.eom", "End of content", "4.1.1.4", ".");
    else walk.value(line.length, "smtp.data.line", "Content", "4.1.1.4", line.text);
  }
}

function dissectCommands(walk: Walk, packet: Packet): void {
  const lines = linesOf(walk);
  packet.info = shortened(`C: ${lines.map(({ text }) => text).join(" | ")}`);
  for (const line of lines) {
    const verb = /^[A-Za-z]+/.exec(line.text)?.[0];
    const section = COMMANDS.get(verb?.toUpperCase() ?? "") ?? "4.1.1";
    walk.group("smtp.command_line", "Command", section, () => {
      splitLine(walk, line, verb?.length ?? 0, section, [
        ["smtp.req.command", "Verb"],
        ["smtp.req.parameter", "Parameter"],
      ]);
      return line.text;
    });
  }
}

function dissectReplies(walk: Walk, packet: Packet): void {
  const lines = linesOf(walk);
  // RFC 5321 section 4.2.1: behind a hyphen the next line repeats the code, which the line of info need not.
  const texts = lines.map(({ text }, i) =>
    /^\d\d\d-/.test(lines[i - 1]?.text ?? "") ? text.slice(4) : text,
  );
  packet.info = shortened(`S: ${texts.join(" | ")}`);
  for (const line of lines) {
    const hasCode = /^[2-5]\d\d(?=[ -]|$)/.test(line.text);
    walk.group("smtp.response", "Reply", "4.2", () => {
      splitLine(walk, line, hasCode ? 3 : 0, "4.2", [
        ["smtp.response.code", "Reply code"],
        ["smtp.rsp.parameter", "Text"],
      ]);
      return line.text;
    });
  }
}

/** Two fields of one line: its first `length` octets, and what follows behind one separator. */
function splitLine(
  walk: Walk,
  line: Line,
  length: number,
  section: string,
  [first, second]: readonly [readonly [string, string], readonly [string, string]],
): void {
  if (length > 0) walk.value(length, first[0], first[1], section, line.text.slice(0, length));
  const rest = line.length - length;
  // What is left is at least the line's end, which belongs to the text behind the first word.
  if (rest > 0) walk.value(rest, second[0], second[1], section, line.text.slice(length).replace(/^[ -]/, ""));
}

/** RFC 5321 section 4.1.1.4: between the reply 354 and the lonely dot, the client's lines are content. */
class SmtpTracker implements Tracker {
  #isContent = false;
  #dataAsked = false;
  /** The end of what was seen, to find a dot that two segments share. */
  #tail = "\r\n";

  handle(fromClient: boolean, data: Uint8Array): string | undefined {
    const text = toByteString(data);
    if (!fromClient) {
      if (this.#dataAsked && /(^|\n)354/.test(text)) this.#isContent = true;
      return undefined;
    }
    if (!this.#isContent) {
      this.#dataAsked = /(^|\n)DATA[ \t]*\r?\n$/i.test(text);
      this.#tail = "\r\n";
      return undefined;
    }
    this.#tail += text;
    if (this.#tail.includes("\r\n.\r\n")) this.#isContent = this.#dataAsked = false;
    this.#tail = this.#tail.slice(-4);
    return CONTENT;
  }
}

/** The state of packets that carry the mail itself. */
const CONTENT = "message content";

const COMMANDS = new Map([
  ["EHLO", "4.1.1.1"],
  ["HELO", "4.1.1.1"],
  ["MAIL", "4.1.1.2"],
  ["RCPT", "4.1.1.3"],
  ["DATA", "4.1.1.4"],
  ["RSET", "4.1.1.5"],
  ["VRFY", "4.1.1.6"],
  ["EXPN", "4.1.1.7"],
  ["HELP", "4.1.1.8"],
  ["NOOP", "4.1.1.9"],
  ["QUIT", "4.1.1.10"],
]);
