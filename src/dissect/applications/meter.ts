/** iperf3's protocol, and the round trips of our meter on the same port: see protocols/meter/README.md. */

import { describe, METER_PORT, messageLength } from "../../protocols/meter/wire.ts";
import type { Application } from "../application.ts";

export const meter: Application = {
  key: "meter",
  name: "meter",
  title: "iperf3",
  standard: "iperf3 3.12",
  tcpPorts: [METER_PORT],
  udpPorts: [METER_PORT],
  messages: { lengthInStream: messageLength, streamPrefix: 0, describe },
  dissect(walk, packet) {
    packet.protocol = "IPERF3";
    packet.info = describe(walk.frame.subarray(walk.at, walk.end));
    walk.value(walk.left, "meter.data", "Data", "iperf3 3.12", packet.info);
    return undefined;
  },
};
