/** Interfaces, neighbours (ARP and neighbour discovery), routes. */

import type { InterfaceView, NeighbourView, RouteView } from "../../../engine/protocol/index.ts";
import { type Column, DataTable } from "../data-table.tsx";
import { Lease } from "./lease.tsx";

export function InterfacesTable({ rows }: { readonly rows: readonly InterfaceView[] }) {
  return (
    <DataTable
      label="Interfaces"
      rows={rows}
      columns={INTERFACES}
      keyOf={({ name }) => name}
      stampOf={({ addresses, up, dhcp }) => [addresses, up, dhcp?.state]}
      empty="This host has no interface."
      detail={({ dhcp }) => dhcp && <Lease dhcp={dhcp} />}
    />
  );
}

export function NeighboursTable({ rows }: { readonly rows: readonly NeighbourView[] }) {
  return (
    <DataTable
      label="ARP and neighbour discovery"
      rows={rows}
      columns={NEIGHBOURS}
      keyOf={(row) => `${row.interface} ${row.address}`}
      stampOf={({ mac, state }) => [mac, state]}
      empty="No neighbour is known yet: the first packet to one asks for its MAC address."
    />
  );
}

export function RoutesTable({ rows }: { readonly rows: readonly RouteView[] }) {
  return (
    <DataTable
      label="Routes"
      rows={rows}
      columns={ROUTES}
      keyOf={(row) => `${row.destination} ${row.interface} ${row.gateway}`}
      empty="There is no route: nothing can be sent."
    />
  );
}

const INTERFACES: readonly Column<InterfaceView>[] = [
  { title: "Name", mono: true, show: ({ name }) => name },
  { title: "MAC", mono: true, show: ({ mac }) => mac },
  {
    title: "Addresses",
    mono: true,
    show: ({ addresses }) => addresses.map((each) => <div key={each}>{each}</div>),
  },
  { title: "From", show: ({ dhcp }) => (dhcp === undefined ? "by hand" : `DHCP, ${dhcp.state}`) },
  { title: "State", show: ({ up }) => (up ? "up" : "down") },
  { title: "MTU", mono: true, right: true, show: ({ mtu }) => mtu },
];

const NEIGHBOURS: readonly Column<NeighbourView>[] = [
  { title: "Address", mono: true, show: ({ address }) => address },
  { title: "MAC", mono: true, show: ({ mac }) => mac ?? "asked for" },
  { title: "Interface", mono: true, show: (row) => row.interface },
  { title: "State", show: ({ state }) => state },
  {
    title: "Age",
    mono: true,
    right: true,
    show: ({ ageSeconds }) => (ageSeconds === undefined ? "" : `${Math.round(ageSeconds)} s`),
  },
];

const ROUTES: readonly Column<RouteView>[] = [
  { title: "Destination", mono: true, show: ({ destination }) => destination },
  { title: "Gateway", mono: true, show: ({ gateway }) => gateway ?? "on the link" },
  { title: "Interface", mono: true, show: (row) => row.interface },
  { title: "Origin", show: ({ origin }) => origin },
];
