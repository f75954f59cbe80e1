/** Forms with files: multipart/form-data (RFC 7578), which is MIME once more. Browsers' ways with file names included. */

import { Writer } from "../../bytes/index.ts";
import { fromByteString } from "../../net/index.ts";
import { type Attachment, parseParameters, parseStructure } from "../../protocols/message/index.ts";

export interface FormData {
  /** The first value of a name counts. */
  readonly values: ReadonlyMap<string, string>;
  readonly files: readonly Attachment[];
}

/** Never throws; what is no multipart has neither values nor files. Its size is bounded by the HTTP server. */
export function parseFormData(
  contentType: string,
  content: Uint8Array,
  decode: (octets: Uint8Array) => string,
): FormData {
  const values = new Map<string, string>();
  const files: Attachment[] = [];
  if (parseParameters(contentType).value !== "multipart/form-data") return { values, files };
  const head = fromByteString(`Content-Type: ${contentType.replace(/[\r\n]/g, "")}\r\n\r\n`);
  const whole = new Writer(head.length + content.length).append(head).append(content).finish();
  for (const part of parseStructure(whole).parts) {
    const name = part.disposition?.parameters.get("name");
    if (part.disposition?.value !== "form-data" || name === undefined) continue;
    // RFC 7578 section 4.7: Content-Transfer-Encoding is not used.
    const bytes = whole.subarray(part.bodyStart, part.bodyEnd);
    const fileName = part.disposition.parameters.get("filename");
    if (fileName === undefined) {
      if (!values.has(name)) values.set(name, decode(bytes));
      // A file field in which nothing was chosen has an empty name.
    } else if (fileName !== "" && files.length < FILES_MAX) {
      files.push({ name: plainName(fileName), type: part.contentType.value, bytes });
    }
  }
  return { values, files };
}

/** Browsers write three characters as %XX; old ones send a path. */
function plainName(fileName: string): string {
  const decoded = fileName.replace(/%(22|0D|0A)/gi, (_, hex: string) => (hex === "22" ? '"' : ""));
  return decoded.slice(Math.max(decoded.lastIndexOf("/"), decoded.lastIndexOf("\\")) + 1) || "file";
}

const FILES_MAX = 100;
