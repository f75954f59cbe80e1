/** Echo as a service of a host: RFC 862 on TCP and UDP. */

import type { Task } from "../../net/index.ts";
import { ECHO_PORT, type EchoServerOptions, startEchoServer } from "../../protocols/echo/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";
import { CONNECTIONS_SCHEMA, placesOf, portSchema, TRANSPORTS_SCHEMA } from "../transport-schema.ts";

export const echoService: ServiceDefinition<EchoServerOptions> = {
  name: "echo",
  title: "Echo",
  summary: "sends back whatever it is sent (RFC 862, TCP and UDP)",
  schema: {
    type: "object",
    additionalProperties: false,
    properties: {
      port: portSchema(ECHO_PORT),
      transports: TRANSPORTS_SCHEMA,
      connectionsMax: CONNECTIONS_SCHEMA,
    },
  },
  *start(host: ServiceHost, configuration: EchoServerOptions): Task<RunningService> {
    const server = yield* startEchoServer(host.network, configuration);
    return {
      name: "echo",
      description: `echoes on ${placesOf(server)}`,
      stop: (graceMs) => server.stop(graceMs),
    };
  },
};
