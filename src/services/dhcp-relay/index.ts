/** The service "dhcp-relay": lets hosts on the links of this machine, a router mostly, be served by a DHCP server elsewhere. */

import { familyOf, type Task } from "../../net/index.ts";
import { relayDhcp } from "../../protocols/dhcp/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";

export interface DhcpRelayConfiguration {
  readonly servers: readonly string[];
}

export const dhcpRelay: ServiceDefinition<DhcpRelayConfiguration> = {
  name: "dhcp-relay",
  title: "DHCP relay",
  summary: "hands DHCP messages of its links on to a server elsewhere (RFC 1542)",
  schema: {
    type: "object",
    additionalProperties: false,
    properties: {
      servers: {
        type: "array",
        items: { type: "string" },
        minItems: 1,
        uniqueItems: true,
        description: "Addresses of the servers; each gets every message.",
      },
    },
    required: ["servers"],
  },
  problems: ({ servers }) =>
    servers.flatMap((address, i) =>
      familyOf(address) === 4 ? [] : [{ path: ["servers", i], message: `"${address}" is no IPv4 address` }],
    ),
  *start({ network }: ServiceHost, { servers }: DhcpRelayConfiguration): Task<RunningService> {
    const relay = yield* relayDhcp(network, servers);
    return {
      name: "dhcp-relay",
      description: `hands on from ${relay.interfaces.join(", ")} to ${servers.join(", ")}`,
      stop: () => relay.stop(),
    };
  },
};
