/** Upper-casing as a service of a host, on TCP and UDP. */

import type { Task } from "../../net/index.ts";
import { startUpperServer, UPPER_PORT, type UpperServerOptions } from "../../protocols/upper/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";
import { CONNECTIONS_SCHEMA, placesOf, portSchema, TRANSPORTS_SCHEMA } from "../transport-schema.ts";

export const upperService: ServiceDefinition<UpperServerOptions> = {
  name: "upper",
  title: "Capitals",
  summary: "sends back in capitals what it is sent (TCP and UDP)",
  schema: {
    type: "object",
    additionalProperties: false,
    properties: {
      port: portSchema(UPPER_PORT),
      transports: TRANSPORTS_SCHEMA,
      connectionsMax: CONNECTIONS_SCHEMA,
    },
  },
  *start(host: ServiceHost, configuration: UpperServerOptions): Task<RunningService> {
    const server = yield* startUpperServer(host.network, configuration);
    return {
      name: "upper",
      description: `answers in capitals on ${placesOf(server)}`,
      stop: (graceMs) => server.stop(graceMs),
    };
  },
};
