/** The service "imap": the users of a host read their mail where it is. */

import { formatEndpoint, serve, type Task } from "../../net/index.ts";
import { refuseImap, serveImap } from "../../protocols/imap/index.ts";
import type { RunningService, ServiceDefinition, ServiceHost } from "../service.ts";
import { UserAccounts } from "./accounts.ts";
import { type ImapConfiguration, imapSchema } from "./configuration.ts";

export const imapService: ServiceDefinition<ImapConfiguration> = {
  name: "imap",
  title: "IMAP",
  summary: "users read their mail in folders on the server: IMAP",
  schema: imapSchema,
  start,
};

function* start(host: ServiceHost, configuration: ImapConfiguration): Task<RunningService> {
  const { network } = host;
  const accounts = new UserAccounts({
    store: host.stores.mail(),
    clock: network.clock,
    users: () => host.users,
    domains: configuration.domains ?? [],
  });
  const options = {
    clock: network.clock,
    log: network.log,
    spawn: (name: string, task: Task) => network.spawn(name, task),
    withoutCapabilities: configuration.withoutCapabilities ?? [],
  };
  const service = yield* serve(
    network,
    {
      name: "imap",
      port: configuration.port ?? IMAP_PORT,
      ...(configuration.address && { address: configuration.address }),
      connectionsMax: CONNECTIONS_MAX,
      refuse: refuseImap,
    },
    (connection) => serveImap(connection, options, accounts),
  );
  return {
    name: "imap",
    description: `listens on ${formatEndpoint(service.local)}`,
    stop: (graceMs) => service.stop(graceMs),
  };
}

const IMAP_PORT = 143;
/** Sessions at once; clients keep several open for hours, each holds at most one message in memory. */
const CONNECTIONS_MAX = 200;
