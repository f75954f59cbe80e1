/** Makes a message from what a person writes: RFC 5322 section 3.6, and as much of MIME as text needs. */

import { encodeUtf8, Writer } from "../../bytes/index.ts";
import { fromByteString, LocalError, toByteString } from "../../net/index.ts";
import { formatDate } from "./date.ts";
import { encodeWords } from "./encoded-word.ts";
import { emitField } from "./wire.ts";

export interface Draft {
  readonly from: string;
  readonly to: readonly string[];
  readonly subject?: string | undefined;
  /** Milliseconds since 1970. */
  readonly dateMs: number;
  /** Without angle brackets; see `makeMessageId`. */
  readonly messageId: string;
  /** More fields, which may not repeat those above. */
  readonly fields?: readonly { readonly name: string; readonly value: string }[];
  /** Text; its line ends may be LF or CRLF. */
  readonly body: string;
}

/** The octets of the message, lines ended by CRLF. Throws LocalError for what no message can hold. */
export function composeMessage(draft: Draft): Uint8Array {
  const body = encodeBody(draft.body);
  const eightBit = body.some((octet) => octet > 127);
  const lines = [
    emitField("From", draft.from),
    emitField("To", draft.to.join(", ")),
    ...(draft.subject === undefined ? [] : [emitField("Subject", encodeWords(draft.subject))]),
    emitField("Date", formatDate(draft.dateMs)),
    emitField("Message-ID", `<${draft.messageId}>`),
    ...(draft.fields ?? []).map(({ name, value }) => emitField(checkedName(name), encodeWords(value))),
    ...(eightBit ? EIGHT_BIT_FIELDS : []),
  ];
  return new Writer(body.length + 512)
    .append(fromByteString(`${lines.join("")}\r\n`))
    .append(body)
    .finish();
}

/** RFC 5322 section 3.6.4: unique in the world by time and chance on the left, by the host on the right. */
export function makeMessageId(unixMs: number, randomBytes: Uint8Array, host: string): string {
  const chance = [...randomBytes].map((octet) => octet.toString(16).padStart(2, "0")).join("");
  return `${unixMs.toString(36)}.${chance}@${host}`;
}

function encodeBody(text: string): Uint8Array {
  const lines = text
    .replace(/\r\n|\r|\n/g, "\n")
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => encodeUtf8(line));
  const out = new Writer(text.length + 64);
  if (text === "") return out.finish();
  for (const line of lines) {
    // RFC 5322 section 2.1.1: at most 998 octets in a line.
    if (line.length > LINE_MAX)
      throw new LocalError("line-too-long", `a line of the body has over ${LINE_MAX} octets`);
    out.append(line).append(CRLF);
  }
  return out.finish();
}

function checkedName(name: string): string {
  if (ONCE_ONLY.includes(name.toLowerCase())) {
    throw new LocalError("bad-field", `the field ${name} is made from the other options`);
  }
  return toByteString(encodeUtf8(name));
}

const CRLF = Uint8Array.of(13, 10);
const LINE_MAX = 998;
/** RFC 5322 section 3.6: these may stand only once. */
const ONCE_ONLY = ["from", "to", "subject", "date", "message-id"];
/** RFC 2045 and RFC 6152: what says that the body is UTF-8. */
const EIGHT_BIT_FIELDS = [
  "MIME-Version: 1.0\r\n",
  "Content-Type: text/plain; charset=utf-8\r\n",
  "Content-Transfer-Encoding: 8bit\r\n",
];
