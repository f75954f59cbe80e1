/** Upper-casing, the textbook's first socket program: no standard. */

import { describe, UPPER_PORT } from "../../protocols/upper/wire.ts";
import type { Application } from "../application.ts";
import { shortened, visible } from "./text-lines.ts";

export const upper: Application = {
  key: "upper",
  name: "upper",
  title: "Upper-casing",
  standard: "protocols/upper/README.md",
  tcpPorts: [UPPER_PORT],
  udpPorts: [UPPER_PORT],
  dissect(walk, packet) {
    packet.protocol = "UPPER";
    const octets = walk.frame.subarray(walk.at, walk.end);
    const fromClient = packet.context.fromClient ?? packet.transport?.destinationPort === UPPER_PORT;
    packet.info = describe(octets, fromClient);
    const name = fromClient ? "Text" : "Capitals";
    walk.value(walk.left, "upper.data", name, "The exchange", shortened(visible(octets)));
    return undefined;
  },
};
