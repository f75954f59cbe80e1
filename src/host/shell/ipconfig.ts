/** `ipconfig`: the interfaces as users of Windows know them, with their leases; releases and renews these. */

import { LocalError, type Task } from "../../net/index.ts";
import { hostOf } from "../exec.ts";
import type { InterfaceView, LeaseView, Machine } from "../machine.ts";
import type { Command } from "./command.ts";
import { show } from "./output.ts";

export const ipconfig: Command = {
  name: "ipconfig",
  summary: "show the interfaces, their addresses and leases; release or renew a lease",
  operands: "[/release|/renew] [INTERFACE]",
  options: [],
  examples: ["ipconfig", "ipconfig /release", "ipconfig /renew eth0"],
  *run(shell, input): Task<number> {
    const host = hostOf(shell, "ipconfig");
    const { machine } = host;
    if (machine === undefined)
      throw new LocalError("no-machine", '"ipconfig" works only in the lab: this machine keeps it to itself');
    const [given, name] = input.operands;
    const action = given?.replace(/^[/-]+/, "").toLowerCase();
    if (action !== undefined && !["release", "renew", "all"].includes(action))
      throw new LocalError("usage", `ipconfig: expected /release, /renew or /all, found "${given}"`);
    let status = 0;
    if (action === "release") machine.leases.release(name);
    if (action === "renew" && !(yield* machine.leases.renew(name))) {
      shell.printError("ipconfig: no DHCP server has given an address in time; it is asked for on and on\n");
      status = 1;
    }
    const views = machine.interfaces().filter((view) => view.name !== "lo");
    const text = views.map((view) => sectionOf(view, machine, shell.network.clock.nowNs())).join("\n");
    // They came with the lease: those that are left now.
    const { nameServers } = host;
    const names = nameServers.length === 0 ? "" : `\n${line("Name servers", nameServers.join(", "))}`;
    show(shell, views, `${text}${names}`);
    return status;
  },
};

function sectionOf(view: InterfaceView, machine: Machine, nowNs: number): string {
  const gateways = machine
    .routes()
    .filter((route) => route.interface === view.name && /^(0\.0\.0\.0|::)\/0$/.test(route.destination));
  const { dhcp } = view;
  return [
    `${view.name}${view.up ? "" : " (no link)"}:\n`,
    line("Hardware address", view.mac),
    ...view.addresses.map((address) => line("Address", address)),
    ...gateways.map(({ gateway }) => line("Gateway", gateway ?? "on link")),
    line("From", dhcp === undefined ? "configured by hand" : `DHCP (${dhcp.state})`),
    ...(dhcp?.reason === undefined ? [] : [line("No lease", dhcp.reason)]),
    ...(dhcp?.lease === undefined ? [] : leaseLines(dhcp.lease, nowNs)),
    ...(dhcp !== undefined && dhcp.offers.length > 1 ? [line("Offers", offersText(dhcp.offers))] : []),
  ].join("");
}

function leaseLines(lease: LeaseView, nowNs: number): string[] {
  const { serverIdentifier, domainName, startedAtNs, renewAtNs, expiresAtNs } = lease;
  return [
    line("DHCP server", serverIdentifier),
    ...(domainName === undefined ? [] : [line("Domain", domainName)]),
    line("Lease since", `${seconds(nowNs - startedAtNs)} ago`),
    line("Renewed in", renewAtNs === undefined ? "never" : seconds(renewAtNs - nowNs)),
    line("Expires in", expiresAtNs === undefined ? "never" : seconds(expiresAtNs - nowNs)),
  ];
}

function offersText(offers: NonNullable<InterfaceView["dhcp"]>["offers"]): string {
  return offers
    .map(
      ({ serverIdentifier, address, taken }) =>
        `${address} from ${serverIdentifier}${taken ? " (taken)" : ""}`,
    )
    .join(", ");
}

function seconds(ns: number): string {
  return `${Math.max(0, Math.round(ns / 1e9))} s`;
}

function line(title: string, value: string): string {
  return `  ${title.padEnd(WIDTH)} ${value}\n`;
}

const WIDTH = 17;
