/**
 * Messages with NUL, which APPEND takes as literal8 (RFC 3516 section 4.4) and no other literal may hold: what has NUL
 * is kept in base64, so that every client can fetch it, and BINARY gives it back as it was.
 */

import { Writer } from "../../bytes/index.ts";
import { fromByteString, toByteString } from "../../net/index.ts";
import { type Entity, encodeBase64Lines, parseEntity } from "../message/index.ts";

export function withoutNul(content: Uint8Array): Uint8Array {
  if (!content.includes(0)) return content;
  const out = new Writer(content.length + 1024);
  let at = 0;
  for (const part of leavesOf(parseEntity(content))) {
    const body = content.subarray(part.bodyStart, part.end);
    if (part.bodyStart < at || !body.includes(0)) continue;
    out.append(content.subarray(at, part.start));
    out.append(encodedHeader(content.subarray(part.start, part.bodyStart)));
    out.append(encodeBase64Lines(body));
    at = part.end;
  }
  return out.append(content.subarray(at)).finish();
}

function leavesOf(entity: Entity): Entity[] {
  if (entity.parts !== undefined) return entity.parts.flatMap(leavesOf);
  return entity.message === undefined ? [entity] : leavesOf(entity.message);
}

function encodedHeader(header: Uint8Array): Uint8Array {
  const others = toByteString(header).replace(
    /^Content-Transfer-Encoding[ \t]*:.*\r?\n(?:[ \t].*\r?\n)*/gim,
    "",
  );
  return fromByteString(`Content-Transfer-Encoding: base64\r\n${others === "" ? "\r\n" : others}`);
}
