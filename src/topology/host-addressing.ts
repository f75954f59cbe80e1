/**
 * How a simulated host gets what its file does not say: DHCP clients at the interfaces that have `dhcp`, and what their
 * leases do to addresses, routes and name servers while they last. What must stay true: what a person has set by hand goes
 * first, and with a lease goes all that it brought.
 */

import type { DhcpView, LeaseView } from "../host/machine.ts";
import { LocalError, Signal, type Task } from "../net/index.ts";
import { DhcpClientRun, type Lease } from "../protocols/dhcp/index.ts";
import { type NetworkInterface, probeAddress, type SimHost } from "../sim/index.ts";
import type { HostSpec } from "./network-file.ts";

/** What the host does with what it is told. */
export interface AddressedHost {
  setNameServers(addresses: readonly string[]): void;
  /** A router has another address: others must find another way. */
  routesChanged(): void;
}

export class HostAddressing {
  readonly #machine: SimHost;
  readonly #host: AddressedHost;
  /** By the name of the interface. */
  readonly #interfaces = new Map<string, LeasedInterface>();
  #nameServers: readonly string[] = [];
  #isOn = false;

  constructor(machine: SimHost, host: AddressedHost) {
    this.#machine = machine;
    this.#host = host;
  }

  /** The file says this of the host from now on; its interfaces must be there, or those that go, still. */
  follow(spec: HostSpec): void {
    this.#nameServers = spec.nameServers;
    const wanted = new Set(spec.interfaces.filter(({ dhcp }) => dhcp).map(({ name }) => name));
    for (const [name, leased] of this.#interfaces) {
      if (wanted.has(name)) continue;
      leased.release();
      leased.stop();
      this.#interfaces.delete(name);
    }
    this.#machine.gatewayIsGiven = wanted.size > 0;
    for (const name of wanted) {
      const nic = this.#machine.interfaces.find((each) => each.name === name);
      if (nic === undefined || this.#interfaces.has(name)) continue;
      const leased = new LeasedInterface(this.#machine, nic, () => this.#leaseChanged());
      this.#interfaces.set(name, leased);
      if (this.#isOn) leased.start();
    }
    this.#tellNameServers();
  }

  /** The power is on: each client asks for the address that it had, or for any. */
  start(): void {
    this.#isOn = true;
    for (const leased of this.#interfaces.values()) leased.start();
  }

  /** The power has gone: what the leases brought goes with it, what they were is remembered as on a disk. */
  handlePowerOff(): void {
    this.#isOn = false;
    for (const leased of this.#interfaces.values()) leased.stop();
  }

  view(name: string): DhcpView | undefined {
    return this.#interfaces.get(name)?.view;
  }

  /** Renews the lease of an interface, or of all; ends when each has one, or when no server has answered in time. */
  *renew(name?: string): Task<boolean> {
    const chosen = this.#chosen(name);
    for (const leased of chosen) leased.renew();
    for (const leased of chosen) if (!(yield* leased.renewed())) return false;
    return true;
  }

  /** Gives the lease of an interface back, or those of all. */
  release(name?: string): void {
    for (const leased of this.#chosen(name)) leased.release();
  }

  #chosen(name: string | undefined): readonly LeasedInterface[] {
    const host = this.#machine.name;
    if (name === undefined) {
      if (this.#interfaces.size === 0)
        throw new LocalError("no-dhcp", `no interface of ${host} gets its address by DHCP`);
      return [...this.#interfaces.values()];
    }
    const leased = this.#interfaces.get(name);
    if (leased === undefined) throw new LocalError("no-dhcp", `${host} gets no address for ${name} by DHCP`);
    return [leased];
  }

  #leaseChanged(): void {
    this.#tellNameServers();
    if (this.#machine.forwards) this.#host.routesChanged();
  }

  #tellNameServers(): void {
    const leased = [...this.#interfaces.values()].flatMap(({ lease }) => lease?.nameServers ?? []);
    this.#host.setNameServers(this.#nameServers.length > 0 ? this.#nameServers : [...new Set(leased)]);
  }
}

class LeasedInterface {
  /** What the interface has now. */
  lease: Lease | undefined;
  readonly #machine: SimHost;
  readonly #nic: NetworkInterface;
  readonly #onChange: () => void;
  readonly #changed = new Signal();
  #remembered: Lease | undefined;
  #run: DhcpClientRun | undefined;
  #reason: string | undefined;
  #renewedAfterNs = 0;

  constructor(machine: SimHost, nic: NetworkInterface, onChange: () => void) {
    this.#machine = machine;
    this.#nic = nic;
    this.#onChange = onChange;
  }

  get view(): DhcpView {
    const { client } = this.#run ?? {};
    return {
      state: client?.state ?? "off",
      lease: this.lease && leaseView(this.lease),
      reason: this.lease === undefined ? this.#reason : undefined,
      offers:
        client?.offers.map(({ serverIdentifier, address, taken }) => ({
          serverIdentifier,
          address,
          taken,
        })) ?? [],
    };
  }

  start(): void {
    if (this.#run !== undefined) return;
    const { network } = this.#machine;
    const options = {
      interface: this.#nic.name,
      hardwareAddress: this.#nic.mac,
      hostName: network.hostName.split(".")[0],
      startupDelayMs: STARTUP_DELAY_MS,
      ...(this.#remembered === undefined ? {} : { remembered: this.#remembered }),
    };
    this.#run = new DhcpClientRun(network, options, {
      probe: (address) => probeAddress(this.#machine, this.#nic, address),
      bound: (lease) => this.#take(lease),
      unbound: (reason) => this.#lose(reason),
    });
  }

  /** Says nothing to anybody. */
  stop(): void {
    this.#run?.stop();
    this.#run = undefined;
    if (this.lease !== undefined) this.#lose("switched off");
  }

  release(): void {
    this.#run?.release();
    this.#remembered = undefined;
  }

  renew(): void {
    this.#renewedAfterNs = this.#machine.network.clock.nowNs();
    this.#run?.renew();
  }

  /** Whether it has a lease that was asked for since `renew`. */
  *renewed(): Task<boolean> {
    const { clock } = this.#machine.network;
    const endNs = clock.nowNs() + RENEW_LIMIT_NS;
    while ((this.lease?.startedAtNs ?? -1) < this.#renewedAfterNs) {
      const leftNs = endNs - clock.nowNs();
      if (leftNs <= 0 || !(yield* this.#changed.wait(clock, leftNs / 1e6))) return false;
    }
    return true;
  }

  #take(lease: Lease): void {
    const before = this.lease;
    const isSame = before !== undefined && sameHost(before) === sameHost(lease);
    if (before !== undefined && !isSame) this.#undo(before);
    this.lease = lease;
    this.#remembered = lease;
    this.#reason = undefined;
    if (!isSame) this.#apply(lease);
    this.#onChange();
    this.#changed.notify();
  }

  #lose(reason: string): void {
    if (this.lease === undefined) return;
    this.#undo(this.lease);
    this.lease = undefined;
    this.#reason = reason;
    this.#onChange();
    this.#changed.notify();
  }

  #apply({ address, prefixLength, routers, classlessRoutes }: Lease): void {
    const machine = this.#machine;
    machine.addAddress(this.#nic, `${address}/${prefixLength}`);
    const routes = [
      ...classlessRoutes.filter(({ router }) => router !== ON_LINK),
      // RFC 2132 section 3.5: the routers in order of preference; one is enough for a host.
      ...routers.slice(0, 1).map((router) => ({ destination: "0.0.0.0/0", router })),
    ];
    for (const { destination, router } of routes) {
      try {
        machine.addRoute(destination, router, "dhcp");
      } catch {
        machine.network.log.warn(`dhcp: the router ${router} is not on the link of ${this.#nic.name}`);
      }
    }
    // RFC 5227 section 2.3: so that nobody goes on with the hardware address of who had it before.
    machine.announce(this.#nic);
  }

  #undo({ address, prefixLength }: Lease): void {
    this.#machine.routes.removeWhere((route) => route.origin === "dhcp" && route.interface === this.#nic);
    this.#machine.removeAddress(this.#nic, `${address}/${prefixLength}`);
  }
}

/** What of a lease changes the host: not its times, nor who gave it. */
function sameHost({ address, prefixLength, routers, classlessRoutes }: Lease): string {
  return JSON.stringify([address, prefixLength, routers, classlessRoutes]);
}

function leaseView(lease: Lease): LeaseView {
  const { address, prefixLength, serverIdentifier, routers, nameServers, domainName, startedAtNs } = lease;
  const finite = (ns: number): number | undefined => (Number.isFinite(ns) ? ns : undefined);
  return {
    address: `${address}/${prefixLength}`,
    serverIdentifier,
    routers,
    nameServers,
    domainName,
    startedAtNs,
    renewAtNs: finite(lease.renewAtNs),
    rebindAtNs: finite(lease.rebindAtNs),
    expiresAtNs: finite(lease.expiresAtNs),
  };
}

/** RFC 3442: no router, the destination is on the link. */
const ON_LINK = "0.0.0.0";
/** RFC 2131 has ten seconds, for hundreds of machines after a power failure; who looks at a lab waits for each of them. */
const STARTUP_DELAY_MS = 1_000;
/** Windows gives up about then. */
const RENEW_LIMIT_NS = 30e9;
