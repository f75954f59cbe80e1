/** The meter as a service of a host: iperf3's server, and round trips. */

import { formatEndpoint, type Task } from "../../net/index.ts";
import { METER_PORT, type MeterServerOptions, startMeterServer } from "../../protocols/meter/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";
import { portSchema } from "../transport-schema.ts";

export const meterService: ServiceDefinition<MeterServerOptions> = {
  name: "meter",
  title: "Meter",
  summary: "measures throughput, loss and delay with those who ask (iperf3's protocol, TCP and UDP)",
  schema: {
    type: "object",
    additionalProperties: false,
    properties: {
      port: portSchema(METER_PORT),
      connectionsMax: {
        type: "integer",
        minimum: 1,
        maximum: 100_000,
        description: "TCP connections at once, those of streams among them; one more is refused",
      },
    },
  },
  *start(host: ServiceHost, configuration: MeterServerOptions): Task<RunningService> {
    const server = yield* startMeterServer(host.network, configuration);
    return {
      name: "meter",
      description: `measures on TCP and UDP ${formatEndpoint(server.local)}`,
      stop: (graceMs) => server.stop(graceMs),
    };
  },
};
