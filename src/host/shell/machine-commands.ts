/** What a person asks of the machine that it sits at: `ip`, `arp`, `route`, `sockets`, `hostname`. `ipconfig` has its own file. */

import { LocalError } from "../../net/index.ts";
import { hostOf } from "../exec.ts";
import type { Machine } from "../machine.ts";
import type { Command } from "./command.ts";
import { atOnce, show } from "./output.ts";
import { formatTable } from "./table.ts";

export const hostname: Command = {
  name: "hostname",
  summary: "print the name of this host",
  operands: "",
  options: [],
  examples: ["hostname"],
  run: atOnce((shell) => show(shell, shell.network.hostName, `${shell.network.hostName}\n`)),
};

export const ip = listing(
  "ip",
  "show the interfaces and their addresses",
  ["Interface", "State", "MAC", "MTU", "Addresses"],
  (machine) => machine.interfaces(),
  (view) => [view.name, view.up ? "up" : "down", view.mac, String(view.mtu), view.addresses.join(" ")],
);

export const arp = listing(
  "arp",
  "show which neighbour has which hardware address",
  ["Address", "MAC", "Interface", "State"],
  (machine) => machine.neighbours(),
  (view) => [view.address, view.mac ?? "(asking)", view.interface, view.state],
);

export const route = listing(
  "route",
  "show the routing table",
  ["Destination", "Gateway", "Interface", "Origin"],
  (machine) => machine.routes(),
  (view) => [view.destination, view.gateway ?? "on link", view.interface, view.origin],
);

export const sockets = listing(
  "sockets",
  "show the TCP and UDP sockets and their states",
  ["Protocol", "Local", "Remote", "State"],
  (machine) => machine.sockets(),
  (view) => [view.protocol, view.local, view.remote ?? "*", view.state],
);

function listing<View>(
  name: string,
  summary: string,
  headings: readonly string[],
  viewsOf: (machine: Machine) => readonly View[],
  row: (view: View) => readonly string[],
): Command {
  return {
    name,
    summary,
    operands: "",
    options: [],
    examples: [name],
    run: atOnce((shell) => {
      const { machine } = hostOf(shell, name);
      if (machine === undefined) {
        throw new LocalError(
          "no-machine",
          `"${name}" works only in the lab: this machine keeps it to itself`,
        );
      }
      const views = viewsOf(machine);
      return show(shell, views, formatTable(headings, views.map(row)));
    }),
  };
}
