/** What a server adds to the mail of its own site's clients: RFC 6409 section 8. Mail of other servers stays as it is. */

import { fieldValue, formatDate, parseMessage, prependFields } from "../../protocols/message/index.ts";

/** The message with a Date and a Message-ID, if it has a header that lacks them. */
export function completeHeader(content: Uint8Array, nowMs: number, id: string, name: string): Uint8Array {
  const { fields } = parseMessage(content);
  // What has no header at all (the textbook's mail) is left alone.
  if (fields.length === 0) return content;
  const missing =
    (fieldValue(fields, "Date") === undefined ? `Date: ${formatDate(nowMs)}\r\n` : "") +
    (fieldValue(fields, "Message-ID") === undefined ? `Message-ID: <${id}@${name}>\r\n` : "");
  return missing === "" ? content : prependFields(missing, content);
}
