/** Services, DHCP: the pool, leases with the time that is left, reservations, whom to serve, who asked in vain, rogue servers. */

import * as v from "valibot";
import type { Host } from "../../../host/host.ts";
import { reconfigure, serverOf } from "../../../host/shell/dhcp.ts";
import { LocalError } from "../../../net/index.ts";
import {
  type Binding,
  type DhcpServer,
  isInPool,
  isInSubnet,
  isLive,
  poolSize,
  type Subnet,
  subnetKey,
} from "../../../protocols/dhcp/index.ts";
import type { DhcpConfiguration, RunningDhcp } from "../../../services/dhcp/index.ts";
import type { PanelDefinition } from "../panel.ts";
import { actions, deed, short } from "../values.ts";
import { address, client, clients } from "./schemas.ts";
import type { DhcpView, LeaseRow, PoolView } from "./view.ts";

export const dhcpPanel: PanelDefinition = {
  panel: "dhcp",
  title: "DHCP",
  tab: "services",
  services: ["dhcp"],
  appliesTo: (host) => installed(host) !== undefined,
  view: viewOf,
  revision: (host) => JSON.stringify(viewOf(host)),
  act: actions({
    reserve: deed(v.strictObject({ client, address }), (host, wanted) =>
      reconfigure(host, (before) => ({
        ...before,
        reservations: { ...without(before, wanted.client), [wanted.client.toLowerCase()]: wanted.address },
      })),
    ),
    unreserve: deed(v.strictObject({ client }), (host, wanted) =>
      reconfigure(host, (before) => ({ ...before, reservations: without(before, wanted.client) })),
    ),
    revoke: deed(v.strictObject({ address }), (host, wanted) => {
      if (!serverOf(host).revoke(wanted.address))
        throw new LocalError("no-lease", `nobody has ${wanted.address}`);
    }),
    /** No clients: everybody. */
    only: deed(v.strictObject({ clients: v.nullable(clients) }), (host, { clients: named }) =>
      reconfigure(host, ({ only: _, ...before }) => (named === null ? before : { ...before, only: named })),
    ),
    settings: deed(
      v.strictObject({
        pool: v.pipe(short, v.trim()),
        leaseSeconds: v.number(),
      }),
      (host, { pool, leaseSeconds }) =>
        reconfigure(host, ({ pool: _, ...before }) => ({
          ...before,
          ...(pool === "" ? {} : { pool: rangesOf(pool) }),
          leaseSeconds: leaseTimeOf(leaseSeconds),
        })),
    ),
  }),
};

function viewOf(host: Host): DhcpView {
  const service = installed(host);
  const configuration = (service?.configuration ?? {}) as DhcpConfiguration;
  const running = service?.running as RunningDhcp | undefined;
  const nowNs = host.network.clock.nowNs();
  const { leaseSeconds = LEASE_SECONDS, reservations = {}, pool } = configuration;
  const live = running?.server.bindings().filter((each) => isLive(each, nowNs)) ?? [];
  return {
    running: running !== undefined,
    description: running?.description ?? "",
    pools: running?.server.configuration.subnets.map((subnet) => poolView(subnet, live)) ?? [],
    leases: running === undefined ? [] : leaseRows(running.server, nowNs),
    reservations: Object.entries(reservations).map(([name, reserved]) => ({
      client: name,
      address: reserved,
    })),
    only: configuration.only,
    refusals: [...(running?.server.hearsay.refusals ?? [])].reverse(),
    others: [...(running?.server.hearsay.others ?? [])].reverse().map((other) => ({
      serverIdentifier: other.serverIdentifier,
      count: other.count,
      client: other.hostName === "" ? other.hardwareAddress : `${other.hostName} (${other.hardwareAddress})`,
      atNs: other.atNs,
    })),
    poolText: pool === undefined ? "" : typeof pool === "string" ? pool : pool.join(", "),
    leaseSeconds: leaseSeconds === "forever" ? undefined : leaseSeconds,
  };
}

function poolView(subnet: Subnet, live: readonly Binding[]): PoolView {
  return {
    network: subnetKey(subnet),
    ranges: subnet.ranges
      .map(({ first, last }) => (first === last ? first : `${first} to ${last}`))
      .join(", "),
    size: poolSize(subnet),
    taken: live.filter(({ address: each }) => isInSubnet(subnet, each) && isInPool(subnet, each)).length,
    routers: subnet.routers,
    nameServers: subnet.nameServers,
    domain: subnet.domainName,
  };
}

function leaseRows(server: DhcpServer, nowNs: number): LeaseRow[] {
  const reserved = server.configuration.subnets.flatMap(({ reservations }) => reservations);
  return server
    .bindings()
    .slice(-LEASES_SHOWN_MAX)
    .map((binding) => {
      const { address: given, state, hardwareAddress, hostName, expiresAtNs } = binding;
      const isOver = !isLive(binding, nowNs) && state !== "free";
      return {
        address: given,
        state: isOver ? "expired" : state,
        hardwareAddress,
        hostName,
        untilNs: isLive(binding, nowNs) && Number.isFinite(expiresAtNs) ? expiresAtNs : undefined,
        reserved: reserved.some((each) => each.address === given),
      };
    });
}

function installed(host: Host): Host["services"][number] | undefined {
  return host.services.find(({ name }) => name === "dhcp");
}

function without({ reservations = {} }: DhcpConfiguration, gone: string): Record<string, string> {
  const kept = Object.entries(reservations).filter(([each]) => each.toLowerCase() !== gone.toLowerCase());
  return Object.fromEntries(kept);
}

function rangesOf(text: string): string | string[] {
  const ranges = text.split(",").map((each) => each.trim());
  for (const each of ranges)
    if (!RANGE.test(each))
      throw new LocalError("bad-value", `"${each}" is no range such as 192.168.1.100-192.168.1.199`);
  return ranges.length === 1 ? ranges[0] : ranges;
}

function leaseTimeOf(seconds: number): number {
  if (Number.isInteger(seconds) && seconds >= LEASE_MIN && seconds <= LEASE_MAX) return seconds;
  throw new LocalError(
    "bad-value",
    `the lease time is a whole number of seconds, at least ${LEASE_MIN} and at most ${LEASE_MAX}`,
  );
}

const RANGE = /^(\d{1,3}\.){3}\d{1,3}( ?- ?(\d{1,3}\.){3}\d{1,3})?$/;
/** What the service does when its configuration says nothing. */
const LEASE_SECONDS = 3_600;
/** As in a network file; one more would mean "for ever". */
const LEASE_MIN = 10;
const LEASE_MAX = 4_294_967_294;
/** As many as a person looks through: the newest. */
const LEASES_SHOWN_MAX = 500;
