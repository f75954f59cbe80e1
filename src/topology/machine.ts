/** A simulated host as the commands `ip`, `arp`, `route` and `sockets` look at it. */

import type { Machine } from "../host/machine.ts";
import { formatAddress, formatEndpoint } from "../net/index.ts";
import type { SimHost } from "../sim/index.ts";
import { maskedBytes } from "../sim/kernel/prefix.ts";
import { formatMac } from "../sim/wire/ethernet.ts";

export function machineOf(host: SimHost): Machine {
  return {
    interfaces: () =>
      [host.loopback, ...host.interfaces].map((nic) => ({
        name: nic.name,
        mac: nic.mac,
        addresses: nic.assigned.map(({ address, prefixLength }) => `${address.text}/${prefixLength}`),
        up: nic.outgoing !== undefined,
        mtu: nic.mtu,
      })),
    neighbours: () =>
      host.interfaces.flatMap((nic) =>
        (nic.neighbours?.list() ?? []).map((neighbour) => ({
          address: neighbour.address.text,
          mac: neighbour.mac === undefined ? undefined : formatMac(neighbour.mac),
          interface: nic.name,
          state: neighbour.state,
        })),
      ),
    routes: () =>
      host.routes.list().map(({ prefix, gateway, interface: nic, origin }) => ({
        destination: `${formatAddress(maskedBytes(prefix.bytes, prefix.length))}/${prefix.length}`,
        gateway: gateway?.text,
        interface: nic.name,
        origin,
      })),
    sockets: () => [
      ...host.kernel.tcp.sockets().map(({ local, remote, state }) => ({
        protocol: "tcp" as const,
        local: formatEndpoint(local),
        remote: remote && formatEndpoint(remote),
        state,
      })),
      ...host.kernel.udp.sockets().map(({ local }) => ({
        protocol: "udp" as const,
        local: formatEndpoint(local),
        remote: undefined,
        state: "",
      })),
    ],
  };
}
