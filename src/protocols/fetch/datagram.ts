/**
 * The datagrams of `fetch --udp`: a request with a cookie, and the file in numbered parts of which none is sent again.
 * The cookie shows that who asks can be reached where it says it is: without it, one forged request would send a whole
 * file to a stranger.
 *
 *     octet 0     type: 1 request, 2 cookie, 3 part, 4 refusal
 *     octets 1-4  identifier, chosen by the client for this transfer
 *     request:    rate (octets per second, 0: the server's), cookie (16 octets, zeros at first), name
 *     cookie:     cookie (16 octets)
 *     part:       size of the file (4), offset of this part (4), its octets
 *     refusal:    text
 */

import { FormatError, Reader, Writer } from "../../bytes/index.ts";
import { fromByteString, toByteString } from "../../net/index.ts";

export type FetchDatagram =
  | {
      readonly type: "request";
      readonly identifier: number;
      /** Octets of the file per second; 0 leaves it to the server. */
      readonly rate: number;
      readonly cookie: Uint8Array;
      /** A byte string. */
      readonly name: string;
    }
  | { readonly type: "cookie"; readonly identifier: number; readonly cookie: Uint8Array }
  | {
      readonly type: "part";
      readonly identifier: number;
      readonly size: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
    }
  | { readonly type: "refusal"; readonly identifier: number; readonly text: string };

export function parseDatagram(bytes: Uint8Array): FetchDatagram {
  const reader = new Reader(bytes);
  const type = reader.uint8("fetch.datagram.type");
  const identifier = reader.uint32("fetch.datagram.identifier");
  switch (type) {
    case 1: {
      const rate = reader.uint32("fetch.request.rate");
      const cookie = reader.take(COOKIE_SIZE, "fetch.request.cookie");
      return { type: "request", identifier, rate, cookie, name: toByteString(reader.rest()) };
    }
    case 2: {
      const cookie = reader.take(COOKIE_SIZE, "fetch.cookie");
      if (reader.left > 0) throw new FormatError("fetch.cookie", reader.offset, "is too long");
      return { type: "cookie", identifier, cookie };
    }
    case 3:
      return readPart(reader, identifier);
    case 4:
      return { type: "refusal", identifier, text: toByteString(reader.rest()) };
    default:
      throw new FormatError("fetch.datagram.type", 0, `is ${type}, not 1 to 4`);
  }
}

export function emitDatagram(datagram: FetchDatagram): Uint8Array {
  const writer = new Writer(HEADER_SIZE + PART_SIZE);
  switch (datagram.type) {
    case "request":
      writer.uint8(1).uint32(datagram.identifier).uint32(datagram.rate).append(datagram.cookie);
      return writer.append(fromByteString(datagram.name)).finish();
    case "cookie":
      return writer.uint8(2).uint32(datagram.identifier).append(datagram.cookie).finish();
    case "part":
      writer.uint8(3).uint32(datagram.identifier).uint32(datagram.size).uint32(datagram.offset);
      return writer.append(datagram.bytes).finish();
    case "refusal":
      return writer.uint8(4).uint32(datagram.identifier).append(fromByteString(datagram.text)).finish();
  }
}

/** One line for a list of packets. */
export function describeDatagram(datagram: FetchDatagram): string {
  const id = datagram.identifier.toString(16).padStart(8, "0");
  switch (datagram.type) {
    case "request":
      return `Request ${id}${datagram.cookie.some((octet) => octet !== 0) ? " with cookie" : ""}: ${datagram.name}`;
    case "cookie":
      return `Cookie ${id}`;
    case "part":
      return `Part ${id}: octets ${datagram.offset} to ${datagram.offset + datagram.bytes.length} of ${datagram.size}`;
    case "refusal":
      return `Refusal ${id}: ${datagram.text}`;
  }
}

/** A part lies within its file, begins at a multiple of PART_SIZE, and is as long as it must be there. */
function readPart(reader: Reader, identifier: number): FetchDatagram {
  const size = reader.uint32("fetch.part.size");
  const at = reader.offset;
  const offset = reader.uint32("fetch.part.offset");
  const bytes = reader.rest();
  const isPlace = offset % PART_SIZE === 0 && (offset < size || (offset === 0 && size === 0));
  if (!isPlace) throw new FormatError("fetch.part.offset", at, `is ${offset} of ${size}`);
  const length = Math.min(PART_SIZE, size - offset);
  if (bytes.length !== length)
    throw new FormatError("fetch.part.bytes", at + 4, `are ${bytes.length}, not ${length}`);
  return { type: "part", identifier, size, offset, bytes };
}

export const COOKIE_SIZE = 16;
/** With all headers within the 1,280 octets that every IPv6 link carries (RFC 8200 section 5). */
export const PART_SIZE = 1200;
/** The client keeps the file in memory, and what it is for, seeing loss, needs no larger one. */
export const DATAGRAM_FILE_MAX = 64 * 1024 * 1024;
const HEADER_SIZE = 13;
