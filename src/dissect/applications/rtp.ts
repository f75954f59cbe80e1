/** RTP on its registered port (RFC 3551 section 8): what voice sends. */

import { FormatError } from "../../bytes/index.ts";
import { describe, PCMU, parseRtp } from "../../protocols/voice/wire.ts";
import type { Application } from "../application.ts";
import type { Walk } from "../walk.ts";

export const rtp: Application = {
  key: "rtp",
  name: "rtp",
  title: "Real-Time Transport Protocol",
  standard: "RFC 3550",
  tcpPorts: [],
  udpPorts: [5004],
  messages: {
    lengthInStream: () => undefined,
    streamPrefix: 0,
    describe(message) {
      try {
        return describe(parseRtp(message));
      } catch (error) {
        if (error instanceof FormatError) return `(no RTP: ${message.length} octets)`;
        throw error;
      }
    },
  },
  dissect(walk, packet) {
    packet.protocol = "RTP";
    const [version, padding, extension, contributing] = walk.bits(1, "5.1", [
      ["rtp.version", "Version", 2],
      ["rtp.padding", "Padding", 1],
      ["rtp.ext", "Extension", 1],
      ["rtp.cc", "Contributing sources", 4],
    ]);
    if (version !== 2) throw walk.error(`version ${version} instead of 2`, walk.start);
    const [marker, payloadType] = walk.bits(1, "5.1", [
      ["rtp.marker", "Marker", 1],
      ["rtp.p_type", "Payload type", 7, { note: typeName }],
    ]);
    const sequence = walk.uint16("rtp.seq", "Sequence number", "5.1");
    const timestamp = walk.uint32("rtp.timestamp", "Timestamp", "5.1");
    const source = walk.uint32("rtp.ssrc", "Synchronization source", "5.1", { hex: true });
    for (let i = 0; i < contributing; i++)
      walk.uint32("rtp.csrc.item", "Contributing source", "5.1", { hex: true });
    if (extension === 1) dissectExtension(walk);
    dissectPayload(walk, padding === 1);
    const mark = marker === 1 ? ", Mark" : "";
    const ssrc = `SSRC=0x${source.toString(16).toUpperCase().padStart(8, "0")}`;
    packet.info = `PT=${typeName(payloadType)}, ${ssrc}, Seq=${sequence}, Time=${timestamp}${mark}`;
    return undefined;
  },
};

function dissectExtension(walk: Walk): void {
  walk.uint16("rtp.ext.profile", "Extension: defined by profile", "5.3.1", { hex: true });
  const words = walk.uint16("rtp.ext.len", "Extension length", "5.3.1", {
    note: (count) => `${count * 4} octets`,
  });
  if (words > 0) walk.octets(4 * words, "rtp.hdr_ext", "Header extension", "5.3.1");
}

function dissectPayload(walk: Walk, isPadded: boolean): void {
  const padding = isPadded && walk.left > 0 ? walk.peek(walk.end - 1, 1) : 0;
  if (isPadded && (padding === 0 || padding > walk.left))
    throw walk.error(`padding of ${padding} octets where ${walk.left} are left`);
  const payload = walk.left - padding;
  if (payload > 0) walk.octets(payload, "rtp.payload", "Payload", "5.1");
  if (padding > 0) walk.octets(padding, "rtp.padding.data", "Padding", "5.1");
}

/** RFC 3551 table 4; as Wireshark writes it. */
function typeName(type: number): string {
  return type === PCMU ? "ITU-T G.711 PCMU" : `type ${type}`;
}
