/** Upper-casing as a service of a host, on TCP and UDP. */

import { formatEndpoint, type Task } from "../../net/index.ts";
import { startUpperServer, UPPER_PORT, type UpperServerOptions } from "../../protocols/upper/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";

export const upperService: ServiceDefinition<UpperServerOptions> = {
  name: "upper",
  summary: "sends back in capitals what it is sent (TCP and UDP)",
  schema: {
    type: "object",
    additionalProperties: false,
    properties: {
      port: {
        type: "integer",
        minimum: 1,
        maximum: 65_535,
        default: UPPER_PORT,
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
  *start(host: ServiceHost, configuration: UpperServerOptions): Task<RunningService> {
    const server = yield* startUpperServer(host.network, configuration);
    const places = [
      ...(server.tcp === undefined ? [] : [`TCP ${formatEndpoint(server.tcp)}`]),
      ...(server.udp === undefined ? [] : [`UDP ${formatEndpoint(server.udp)}`]),
    ];
    return {
      name: "upper",
      description: `answers in capitals on ${places.join(" and ")}`,
      stop: (graceMs) => server.stop(graceMs),
    };
  },
};
