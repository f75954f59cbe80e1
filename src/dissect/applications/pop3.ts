/** Post Office Protocol version 3: RFC 1939. */

import type { Application } from "../application.ts";
import { beginsWith, linesOf, shortened } from "./text-lines.ts";

export const pop3: Application = {
  key: "pop",
  name: "pop3",
  title: "Post Office Protocol",
  standard: "RFC 1939",
  tcpPorts: [110],
  udpPorts: [],
  recognize: (data, fromClient) => !fromClient && beginsWith(data, /^\+OK\b.*POP/i),
  dissect(walk, packet) {
    packet.protocol = "POP";
    const fromClient =
      packet.context.fromClient ?? pop3.tcpPorts.includes(packet.transport?.destinationPort ?? 0);
    const lines = linesOf(walk);
    const first = lines[0]?.text ?? "";
    if (fromClient) packet.info = shortened(`C: ${lines.map(({ text }) => text).join(" | ")}`);
    else if (/^(\+OK|-ERR)/.test(first)) packet.info = shortened(`S: ${first}`);
    else packet.info = `S: message content, ${walk.left} octets`;
    for (const { text, length } of lines) {
      const isStatus = !fromClient && /^(\+OK|-ERR)/.test(text);
      if (fromClient) walk.value(length, "pop.request", "Command", "3", text);
      else if (isStatus) walk.value(length, "pop.response", "Response", "3", text);
      else if (text === ".") walk.value(length, "pop.eom", "End of response", "3", text);
      else walk.value(length, "pop.data.line", "Content", "3", text);
    }
    return undefined;
  },
};
