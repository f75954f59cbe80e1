/** Echo Protocol: RFC 862. */

import type { Application } from "../application.ts";
import { shortened, visible } from "./text-lines.ts";

export const echo: Application = {
  key: "echo",
  name: "echo",
  title: "Echo",
  standard: "RFC 862",
  tcpPorts: [7],
  udpPorts: [7],
  dissect(walk, packet) {
    packet.protocol = "ECHO";
    const fromClient = packet.context.fromClient ?? packet.transport?.destinationPort === 7;
    const text = visible(walk.frame.subarray(walk.at, walk.end));
    packet.info = shortened(`${fromClient ? "Request" : "Response"}: ${text.trimEnd()}`);
    walk.value(walk.left, "echo.data", "Data", "RFC 862", shortened(text));
    return undefined;
  },
};
