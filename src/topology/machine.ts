/** A simulated host as the commands `ip`, `arp`, `route` and `sockets` and the console look at it: looking changes nothing. */

import type { Host } from "../host/host.ts";
import type { CacheEntryView, Machine, NeighbourView, SocketView, TransferView } from "../host/machine.ts";
import { type Endpoint, formatAddress, formatEndpoint } from "../net/index.ts";
import { type CachedRecord, StubResolver } from "../protocols/dns/index.ts";
import type { RunningDns } from "../services/dns/index.ts";
import type { SimHost, TcpSocketSnapshot } from "../sim/index.ts";
import { maskedBytes } from "../sim/kernel/prefix.ts";
import { formatMac } from "../sim/wire/ethernet.ts";
import type { HostAddressing } from "./host-addressing.ts";

/** `hostOf` gives the machine's host, which is made after it. */
export function machineOf(machine: SimHost, hostOf: () => Host, addressing: HostAddressing): Machine {
  return {
    forwards: machine.forwards,
    interfaces: () =>
      [machine.loopback, ...machine.interfaces].map((nic) => ({
        name: nic.name,
        mac: nic.mac,
        addresses: nic.assigned.map(({ address, prefixLength }) => `${address.text}/${prefixLength}`),
        up: nic.outgoing?.up ?? false,
        mtu: nic.mtu,
        dhcp: addressing.view(nic.name),
      })),
    neighbours: () => neighboursOf(machine),
    routes: () =>
      machine.routes.list().map(({ prefix, gateway, interface: nic, origin }) => ({
        destination: `${formatAddress(maskedBytes(prefix.bytes, prefix.length))}/${prefix.length}`,
        gateway: gateway?.text,
        interface: nic.name,
        origin,
      })),
    sockets: () => (machine.isOn ? socketsOf(machine, hostOf()) : []),
    resolverCache: () => (machine.isOn ? cacheOf(hostOf()) : []),
    leases: addressing,
  };
}

function neighboursOf(machine: SimHost): NeighbourView[] {
  return machine.interfaces.flatMap((nic) =>
    (nic.neighbours?.list() ?? []).map(({ address, mac, state, heardAtNs }) => ({
      address: address.text,
      mac: mac === undefined ? undefined : formatMac(mac),
      interface: nic.name,
      state,
      ageSeconds: mac === undefined ? undefined : (machine.network.clock.nowNs() - heardAtNs) / 1e9,
    })),
  );
}

function socketsOf(machine: SimHost, host: Host): SocketView[] {
  const { tcp, udp } = machine.kernel;
  const view = (protocol: "tcp" | "udp", local: Endpoint, remote: Endpoint | undefined) => ({
    protocol,
    local: formatEndpoint(local),
    remote: remote && formatEndpoint(remote),
    service: host.serviceAt(protocol, local.port),
  });
  return [
    ...tcp.sockets().map(({ local, remote, state, sendQueue, receiveQueue, transfer }) => ({
      ...view("tcp", local, remote),
      state,
      sendQueue,
      receiveQueue,
      transfer: transfer && transferOf(transfer),
    })),
    ...udp.sockets().map(({ local, remote, queued }) => ({
      ...view("udp", local, remote),
      state: "",
      sendQueue: 0,
      receiveQueue: queued,
      transfer: undefined,
    })),
  ];
}

function transferOf(transfer: NonNullable<TcpSocketSnapshot["transfer"]>): TransferView {
  const { slowStartThreshold } = transfer;
  // JSON knows no infinity.
  const threshold = Number.isFinite(slowStartThreshold) ? slowStartThreshold : undefined;
  return { ...transfer, slowStartThreshold: threshold };
}

/** What the host's own resolver knows, then what its name server knows. */
function cacheOf(host: Host): CacheEntryView[] {
  const { resolver } = host.network;
  const views = (holder: string, records: readonly CachedRecord[]): CacheEntryView[] =>
    records.map((record) => ({ ...record, holder }));
  const own = resolver instanceof StubResolver ? views("resolver", resolver.cached()) : [];
  const dns = host.services.find(({ name }) => name === "dns")?.running as RunningDns | undefined;
  const nowNs = host.network.clock.nowNs();
  return [...own, ...views("dns", dns?.resolver?.cache.list(nowNs) ?? [])];
}
