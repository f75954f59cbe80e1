/** `dhcp`: what an administrator does at a DHCP server: leases, reservations, whom to serve. */

import { LocalError } from "../../net/index.ts";
import { type Binding, isLive } from "../../protocols/dhcp/index.ts";
import { type DhcpConfiguration, dhcp as definition, type RunningDhcp } from "../../services/dhcp/index.ts";
import { hostOf } from "../exec.ts";
import type { Host } from "../host.ts";
import type { Command } from "./command.ts";
import { atOnce, show } from "./output.ts";
import { formatTable } from "./table.ts";

export const dhcp: Command = {
  name: "dhcp",
  summary: "list what this host's DHCP server has given; reserve an address, take one back, serve only some",
  operands: "[leases|reserve|unreserve|revoke|only] [CLIENT] [ADDRESS]",
  options: [],
  examples: [
    "dhcp",
    "dhcp reserve 02:00:00:00:00:05 192.168.1.50",
    "dhcp unreserve 02:00:00:00:00:05",
    "dhcp revoke 192.168.1.128",
    "dhcp only 02:00:00:00:00:05 02:00:00:00:00:06",
    "dhcp only everybody",
  ],
  run: atOnce((shell, input) => {
    const host = hostOf(shell, "dhcp");
    const [action = "leases", ...words] = input.operands;
    const server = serverOf(host);
    const perform = Object.hasOwn(ACTIONS, action) ? ACTIONS[action] : undefined;
    if (perform === undefined) throw usage();
    perform(host, server, words);
    const views = leasesOf(server, shell.network.clock.nowNs());
    const rows = views.map(({ address, state, hardwareAddress, hostName, remainingSeconds }) => {
      const left = remainingSeconds === undefined ? "" : `${remainingSeconds} s`;
      return [address, state, hardwareAddress, hostName, left];
    });
    return show(shell, views, formatTable(["Address", "State", "Client", "Name", "Left"], rows));
  }),
};

/** The running server of a host. Throws LocalError "no-dhcp". */
export function serverOf(host: Host): RunningDhcp {
  const running = host.services.find(({ name }) => name === "dhcp")?.running;
  if (running === undefined) throw new LocalError("no-dhcp", `${host.name} runs no DHCP server`);
  return running as RunningDhcp;
}

/** Changes what the server gives from now on, and what it starts with the next time. Throws LocalError. */
export function reconfigure(host: Host, change: (before: DhcpConfiguration) => DhcpConfiguration): void {
  const installed = host.services.find(({ name }) => name === "dhcp");
  if (installed === undefined) throw new LocalError("no-dhcp", `${host.name} has no DHCP server`);
  const wanted = change(installed.configuration as DhcpConfiguration);
  const addresses = host.network.interfaces().flatMap((each) => each.addresses);
  const [problem] = definition.problems?.(wanted, addresses) ?? [];
  if (problem !== undefined) throw new LocalError("bad-dhcp", problem.message);
  (installed.running as RunningDhcp | undefined)?.configure(wanted);
  host.install("dhcp", wanted);
}

export interface LeaseListing {
  readonly address: string;
  readonly state: "offered" | "bound" | "declined" | "free" | "expired";
  readonly hardwareAddress: string;
  readonly hostName: string;
  /** Undefined: for ever, or over. */
  readonly remainingSeconds: number | undefined;
}

function leasesOf({ server }: RunningDhcp, nowNs: number): LeaseListing[] {
  return server.bindings().map((binding: Binding): LeaseListing => {
    const { address, state, hardwareAddress, hostName, expiresAtNs } = binding;
    const live = isLive(binding, nowNs);
    const left = Number.isFinite(expiresAtNs) && live ? Math.ceil((expiresAtNs - nowNs) / 1e9) : undefined;
    const shown = live || state === "free" ? state : "expired";
    return { address, state: shown, hardwareAddress, hostName, remainingSeconds: left };
  });
}

type Perform = (host: Host, server: RunningDhcp, words: readonly string[]) => void;

const ACTIONS: Readonly<Record<string, Perform>> = {
  leases: () => {},
  reserve(host, _server, [client, address, ...more]) {
    if (address === undefined || more.length > 0 || !CLIENT.test(client) || !ADDRESS.test(address))
      throw usage();
    reconfigure(host, (before) => ({
      ...before,
      reservations: { ...before.reservations, [client.toLowerCase()]: address },
    }));
  },
  unreserve(host, _server, [client, ...more]) {
    if (client === undefined || more.length > 0) throw usage();
    reconfigure(host, ({ reservations = {}, ...before }) => {
      const kept = Object.entries(reservations).filter(
        ([each]) => each.toLowerCase() !== client.toLowerCase(),
      );
      return { ...before, reservations: Object.fromEntries(kept) };
    });
  },
  revoke(_host, server, [address, ...more]) {
    if (address === undefined || more.length > 0) throw usage();
    if (!server.revoke(address)) throw new LocalError("no-lease", `nobody has ${address}`);
  },
  only(host, _server, clients) {
    if (clients.length === 0) throw usage();
    reconfigure(host, ({ only: _, ...before }) => {
      if (clients.length === 1 && clients[0] === "everybody") return before;
      if (!clients.every((client) => CLIENT.test(client))) throw usage();
      return { ...before, only: clients };
    });
  },
};

function usage(): LocalError {
  const forms =
    "leases, reserve CLIENT ADDRESS, unreserve CLIENT, revoke ADDRESS, only CLIENT ... or only everybody";
  return new LocalError("usage", `dhcp: expected ${forms}`);
}

const CLIENT = /^([0-9a-f]{2}(:[0-9a-f]{2}){5}|id:([0-9a-f]{2})+)$/i;
const ADDRESS = /^(\d{1,3}\.){3}\d{1,3}$/;
