/** Fetching files, word by word, in one go or as datagrams: no standard. */

import { FormatError } from "../../bytes/index.ts";
import { fromByteString } from "../../net/index.ts";
import { describeDatagram, parseDatagram } from "../../protocols/fetch/datagram.ts";
import { describe, FETCH_PORT } from "../../protocols/fetch/wire.ts";
import type { Application } from "../application.ts";
import { linesOf, shortened, visible } from "./text-lines.ts";

export const fetch: Application = {
  key: "fetch",
  name: "fetch",
  title: "Fetching files",
  standard: "protocols/fetch/README.md",
  tcpPorts: [FETCH_PORT],
  udpPorts: [FETCH_PORT],
  describeDatagram: (octets) => shortened(datagramText(octets)),
  content: { begins: /^200 \d+ \d+ \S+$/, ends: /SHA-256 [0-9a-f]{64}$/ },
  dissect(walk, packet) {
    packet.protocol = "FETCH";
    const octets = walk.frame.subarray(walk.at, walk.end);
    if (packet.transport?.protocol === "udp") {
      packet.info = shortened(datagramText(octets));
      walk.value(walk.left, "fetch.datagram", "Datagram", "Datagrams", packet.info);
      return undefined;
    }
    const fromClient = packet.context.fromClient ?? packet.transport?.destinationPort === FETCH_PORT;
    const [first] = linesOf(walk);
    const isLine = octets.length <= LINE_SHOWN_MAX && octets.at(-1) === 10;
    packet.info = isLine ? shortened(describe(first.text, fromClient)) : `${octets.length} octets of a file`;
    walk.value(walk.left, "fetch.data", fromClient ? "Request" : "Answer", "The exchange", packet.info);
    return undefined;
  },
};

function datagramText(octets: Uint8Array): string {
  try {
    return visible(fromByteString(describeDatagram(parseDatagram(octets))));
  } catch (error) {
    if (error instanceof FormatError) return "no datagram of this protocol";
    throw error;
  }
}

/** A longer segment is part of a file, whatever its last octet is. */
const LINE_SHOWN_MAX = 1024;
