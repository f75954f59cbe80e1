/**
 * Who dissects what: the one place where a protocol is registered. An application protocol is a line in
 * `applications`; a network protocol a line in one of the two maps.
 */

import type { Application } from "./application.ts";
import { dhcp } from "./applications/dhcp.ts";
import { dns } from "./applications/dns.ts";
import { echo } from "./applications/echo.ts";
import { fetch } from "./applications/fetch.ts";
import { http } from "./applications/http.ts";
import { imap } from "./applications/imap.ts";
import { meter } from "./applications/meter.ts";
import { pop3 } from "./applications/pop3.ts";
import { rtp } from "./applications/rtp.ts";
import { smtp } from "./applications/smtp.ts";
import { upper } from "./applications/upper.ts";
import type { PacketContext } from "./dissection.ts";
import type { Dissector, TransportFacts } from "./dissector.ts";
import { arp } from "./layers/arp.ts";
import { icmp } from "./layers/icmp.ts";
import { icmpv6 } from "./layers/icmpv6.ts";
import { ipv4 } from "./layers/ipv4.ts";
import { ipv6, ipv6Fragment, ipv6Options, ipv6Routing } from "./layers/ipv6.ts";
import { tcp } from "./layers/tcp.ts";
import { udp } from "./layers/udp.ts";

export const applications: readonly Application[] = [
  dns,
  dhcp,
  smtp,
  pop3,
  imap,
  http,
  echo,
  upper,
  fetch,
  rtp,
  meter,
];

const etherTypes = new Map<number, Dissector>([
  [0x0800, ipv4],
  [0x0806, arp],
  [0x86dd, ipv6],
]);

const ipProtocols = new Map<number, Dissector>([
  [0, ipv6Options],
  [1, icmp],
  [6, tcp],
  [17, udp],
  [43, ipv6Routing],
  [44, ipv6Fragment],
  [58, icmpv6],
  [60, ipv6Options],
]);

export function dissectorByEtherType(number: number): Dissector | undefined {
  return etherTypes.get(number);
}

export function dissectorByIpProtocol(number: number): Dissector | undefined {
  return ipProtocols.get(number);
}

export function applicationByName(name: string): Application | undefined {
  return applications.find((application) => application.name === name);
}

/** What the conversation is known to be, else what its ports say, else what its data look like. */
export function applicationOf(
  transport: TransportFacts,
  context: PacketContext,
  data: Uint8Array,
): Application | undefined {
  if (context.application !== undefined) return applicationByName(context.application);
  const { destinationPort, sourcePort } = transport;
  const byPort = applicationByPort(transport.protocol, destinationPort, sourcePort);
  if (byPort !== undefined || transport.protocol === "udp") return byPort;
  // Who has analysed the conversation has looked at its first data already.
  if (context.fromClient !== undefined) return undefined;
  // Servers speak first or answer, so both roles are tried.
  return applications.find((each) => each.recognize?.(data, true) || each.recognize?.(data, false));
}

/** By the server's port; the first port that is registered counts. */
export function applicationByPort(
  protocol: "tcp" | "udp",
  ...ports: readonly number[]
): Application | undefined {
  const key = protocol === "tcp" ? "tcpPorts" : "udpPorts";
  for (const port of ports) {
    const found = applications.find((application) => application[key].includes(port));
    if (found !== undefined) return found;
  }
  return undefined;
}
