/** Names of mailboxes on the wire of IMAP4rev1: modified UTF-7, RFC 3501 section 5.1.3. */

import { decodeBase64, decodeUtf8, encodeBase64 } from "../../bytes/index.ts";
import { fromByteString } from "../../net/index.ts";

/** A name as it goes out: printable ASCII. INBOX is INBOX in any case of letters (section 5.1). */
export function encodeMailboxName(name: string): string {
  if (isInbox(name)) return "INBOX";
  return name.replace(/&|[^ -~]+/g, (run) => (run === "&" ? "&-" : `&${encodeUtf16(run)}-`));
}

/** The name that a server means (a byte string). What is no modified UTF-7 is taken for UTF-8, or as it stands. */
export function decodeMailboxName(wire: string): string {
  if (isInbox(wire)) return "INBOX";
  // RFC 6855, RFC 9051 section 5.1: UTF-8, which some servers say without being asked.
  if (/[\x80-\xff]/.test(wire)) return decodeUtf8(fromByteString(wire)) ?? wire;
  let isBroken = false;
  const name = wire.replace(/&([^-]*)-?/g, (run, code: string) => {
    if (run === "&-") return "&";
    const text = run.endsWith("-") ? decodeUtf16(code) : undefined;
    isBroken ||= text === undefined;
    return text ?? run;
  });
  return isBroken ? wire : name;
}

export function isInbox(name: string): boolean {
  return /^inbox$/i.test(name);
}

function encodeUtf16(text: string): string {
  const octets = new Uint8Array(2 * text.length);
  for (let i = 0; i < text.length; i++) {
    octets[2 * i] = text.charCodeAt(i) >> 8;
    octets[2 * i + 1] = text.charCodeAt(i) & 0xff;
  }
  return encodeBase64(octets).replace(/=+$/, "").replaceAll("/", ",");
}

function decodeUtf16(code: string): string | undefined {
  const padding = "=".repeat((4 - (code.length % 4)) % 4);
  const octets = decodeBase64(`${code.replaceAll(",", "/")}${padding}`);
  if (octets === undefined || octets.length === 0 || octets.length % 2 !== 0) return undefined;
  let text = "";
  for (let at = 0; at < octets.length; at += 2)
    text += String.fromCharCode((octets[at] << 8) | octets[at + 1]);
  return text;
}
