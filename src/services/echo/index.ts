/** Echo as a service of a host: RFC 862 on TCP and UDP. */

import { formatEndpoint, type Task } from "../../net/index.ts";
import { ECHO_PORT, type EchoServerOptions, startEchoServer } from "../../protocols/echo/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";

export const echoService: ServiceDefinition<EchoServerOptions> = {
  name: "echo",
  summary: "sends back whatever it is sent (RFC 862, TCP and UDP)",
  schema: {
    type: "object",
    additionalProperties: false,
    properties: {
      port: {
        type: "integer",
        minimum: 1,
        maximum: 65_535,
        default: ECHO_PORT,
        description: "the port, the same for TCP and UDP",
      },
      transports: {
        type: "array",
        items: { enum: ["tcp", "udp"] },
        minItems: 1,
        uniqueItems: true,
        default: ["tcp", "udp"],
        description: "which of the two it serves",
      },
      connectionsMax: {
        type: "integer",
        minimum: 1,
        maximum: 100_000,
        description: "TCP clients at once; one more is refused",
      },
    },
  },
  *start(host: ServiceHost, configuration: EchoServerOptions): Task<RunningService> {
    const server = yield* startEchoServer(host.network, configuration);
    const places = [
      ...(server.tcp === undefined ? [] : [`TCP ${formatEndpoint(server.tcp)}`]),
      ...(server.udp === undefined ? [] : [`UDP ${formatEndpoint(server.udp)}`]),
    ];
    return {
      name: "echo",
      description: `echoes on ${places.join(" and ")}`,
      stop: (graceMs) => server.stop(graceMs),
    };
  },
};
