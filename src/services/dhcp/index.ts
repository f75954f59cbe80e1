/** The service "dhcp": gives addresses on the links of its host, and through relays on others. */

import type { LocalInterface, Task } from "../../net/index.ts";
import {
  type DhcpServer,
  type DhcpServerConfiguration,
  poolSize,
  serveDhcp,
  subnetKey,
} from "../../protocols/dhcp/index.ts";
import type { ProposedHost, RunningService, ServiceDefinition, ServiceHost } from "../service.ts";
import { dhcpProblems } from "./problems.ts";
import { type DhcpConfiguration, dhcpSchema } from "./schema.ts";
import { serverConfiguration } from "./subnets.ts";

export type { DhcpConfiguration, NetworkConfiguration } from "./schema.ts";

export interface RunningDhcp extends RunningService {
  readonly server: DhcpServer;
  /** From now on it gives by this configuration; leases stay. Throws LocalError for one that cannot be right. */
  configure(configuration: DhcpConfiguration): void;
  /** Takes a lease back: its client hears of it when it asks again. Whether there was one. */
  revoke(address: string): boolean;
}

export const dhcp: ServiceDefinition<DhcpConfiguration> = {
  name: "dhcp",
  title: "DHCP",
  summary: "gives addresses, gateways and name servers to hosts (RFC 2131)",
  schema: dhcpSchema,
  problems: dhcpProblems,
  propose: (_host: ProposedHost) => ({}),
  start,
};

function gatewaysOf({ machine }: ServiceHost): string[] {
  const routes = machine?.routes() ?? [];
  return routes.flatMap(({ destination, gateway }) => (destination === "0.0.0.0/0" ? (gateway ?? []) : []));
}

function* start(host: ServiceHost, configuration: DhcpConfiguration): Task<RunningDhcp> {
  const { network } = host;
  let current = configuration;
  const configurationFor = (interfaces: readonly LocalInterface[]): DhcpServerConfiguration =>
    serverConfiguration(current, {
      interfaces,
      nameServers: host.nameServers,
      servesNames: host.services?.some(({ name }) => name === "dns") ?? false,
      gateways: gatewaysOf(host),
      isRouter: host.machine?.forwards ?? false,
    });
  const service = yield* serveDhcp(network, {
    ...(configuration.interfaces && { interfaces: configuration.interfaces }),
    configuration: configurationFor,
    store: host.stores.leases(),
  });
  const { server } = service;
  return {
    name: "dhcp",
    get description() {
      const pools = server.configuration.subnets.map(
        (each) => `${poolSize(each)} addresses of ${subnetKey(each)}`,
      );
      return `gives ${pools.join(", ") || "nothing"} on ${service.interfaces.join(", ")}`;
    },
    server,
    configure(wanted) {
      const before = current;
      current = wanted;
      try {
        server.configure(configurationFor(network.interfaces()));
      } catch (error) {
        current = before;
        throw error;
      }
    },
    revoke: (address) => service.revoke(address),
    stop: () => service.stop(),
  };
}
