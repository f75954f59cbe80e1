/** The service "pop3": the users of a host fetch their mail. */

import { formatEndpoint, serve, type Task } from "../../net/index.ts";
import { refusePop3, servePop3 } from "../../protocols/pop3/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";
import { type Pop3Configuration, pop3Schema } from "./configuration.ts";
import { UserMaildrops } from "./maildrops.ts";

export const pop3Service: ServiceDefinition<Pop3Configuration> = {
  name: "pop3",
  title: "POP3",
  summary: "users fetch their mail: POP3",
  schema: pop3Schema,
  start,
};

function* start(host: ServiceHost, configuration: Pop3Configuration): Task<RunningService> {
  const { network } = host;
  const maildrops = new UserMaildrops({
    store: host.stores.mail(),
    log: network.log,
    users: () => host.users,
    domains: configuration.domains ?? [],
  });
  const withoutCapabilities = configuration.withoutCapabilities ?? [];
  const service = yield* serve(
    network,
    {
      name: "pop3",
      port: configuration.port ?? POP3_PORT,
      ...(configuration.address && { address: configuration.address }),
      connectionsMax: CONNECTIONS_MAX,
      refuse: refusePop3,
    },
    (connection) => servePop3(connection, { clock: network.clock, withoutCapabilities }, maildrops),
  );
  return {
    name: "pop3",
    description: `listens on ${formatEndpoint(service.local)}`,
    stop: (graceMs) => service.stop(graceMs),
  };
}

const POP3_PORT = 110;
/** Sessions at once; each holds at most one message in memory. */
const CONNECTIONS_MAX = 200;
