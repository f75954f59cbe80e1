/**
 * A simulated host or router: its interfaces and routes, which outlive a loss of power, and its kernel and tasks,
 * which do not. Code that runs on it sees `network` alone.
 */

import { formatAddress, NetworkError } from "../net/index.ts";
import { SimClock } from "./clock.ts";
import { ETHERNET_MTU, type InterfaceIdentity, NetworkInterface } from "./kernel/interface.ts";
import type { KernelWorld } from "./kernel/kernel-world.ts";
import { broadcastAddress, parsePrefix } from "./kernel/prefix.ts";
import { type RouteOrigin, RouteTable } from "./kernel/routes.ts";
import { IpStack } from "./kernel/stack.ts";
import { TcpLayer, type TcpOptions } from "./kernel/tcp/index.ts";
import { PROTOCOL_TCP, PROTOCOL_UDP } from "./kernel/transport.ts";
import { UdpLayer } from "./kernel/udp.ts";
import { Loopback } from "./link/loopback.ts";
import { SimNetwork } from "./network.ts";
import { SeededRandom } from "./random.ts";
import type { SocketCalls } from "./socket-calls.ts";
import type { TaskGroup } from "./tasks.ts";
import { parseMac } from "./wire/ethernet.ts";

export interface HostOptions {
  /** TCP of this host; what is absent is as in TCP_DEFAULTS. */
  readonly tcp?: Partial<TcpOptions>;
}

export interface InterfaceOptions {
  /** Absent: "eth0", "eth1", ... */
  readonly name?: string;
  /** With prefix length: "10.1.0.10/24", "2001:db8:1::10/64". */
  readonly addresses?: readonly string[];
  /** Absent: the world gives one. */
  readonly mac?: string;
  /** Absent: 1500. */
  readonly mtu?: number;
}

/** What a host needs of its world. */
export interface HostWorld extends KernelWorld {
  readonly seed: number;
  readonly startUnixMs: number;
  readonly calls: SocketCalls;
  /** Makes an interface known and gives it its number and a MAC address. */
  register<T extends NetworkInterface>(make: (id: number, macAddress: number) => T): T;
}

/** What runs while the host is on. */
export interface Kernel {
  readonly ip: IpStack;
  readonly tcp: TcpLayer;
  readonly udp: UdpLayer;
}

export class SimHost {
  readonly name: string;
  /** Whether it is a router. */
  readonly forwards: boolean;
  readonly network: SimNetwork;
  readonly routes = new RouteTable();
  /** Its IPv4 gateway comes from elsewhere (a DHCP server): none is computed from the topology, even while there is none. */
  gatewayIsGiven = false;
  /** Called when the power has gone or come back; whoever runs services here starts them again then. */
  onPower: (on: boolean) => void = () => {};
  readonly #world: HostWorld;
  readonly #options: HostOptions;
  readonly #random: SeededRandom;
  readonly #tasks: TaskGroup;
  readonly #clock: SimClock;
  /** The loopback interface first. */
  readonly #interfaces: NetworkInterface[] = [];
  #kernel: Kernel | undefined;

  constructor(world: HostWorld, tasks: TaskGroup, name: string, forwards: boolean, options: HostOptions) {
    this.#world = world;
    this.#tasks = tasks;
    this.name = name;
    this.forwards = forwards;
    this.#options = options;
    this.#random = new SeededRandom(world.seed, `host ${name}`);
    this.#clock = new SimClock(world.schedule, world.startUnixMs);
    this.routes.onChange = () => this.#kernel?.ip.forgetDestinations();
    this.#addLoopback();
    this.#kernel = this.#boot();
    this.network = new SimNetwork(this, tasks, this.#clock, this.#random);
  }

  /** All but the loopback interface. */
  get interfaces(): readonly NetworkInterface[] {
    return this.#interfaces.slice(1);
  }

  get loopback(): NetworkInterface {
    return this.#interfaces[0];
  }

  /** Who hears what the sockets of this host are asked to do. */
  get calls(): SocketCalls {
    return this.#world.calls;
  }

  get isOn(): boolean {
    return this.#kernel !== undefined;
  }

  /** Throws NetworkError "closed" while the host is off. */
  get kernel(): Kernel {
    if (this.#kernel === undefined) throw new NetworkError("closed", `${this.name} is switched off`);
    return this.#kernel;
  }

  addInterface(options: InterfaceOptions = {}): NetworkInterface {
    const name = options.name ?? `eth${this.#interfaces.length - 1}`;
    if (this.#interfaces.some((other) => other.name === name)) {
      throw new Error(`${this.name} has an interface ${name} already`);
    }
    const mac = options.mac === undefined ? undefined : parseMac(options.mac);
    if (options.mac !== undefined && mac === undefined)
      throw new TypeError(`"${options.mac}" is not a MAC address`);
    const mtu = options.mtu ?? ETHERNET_MTU;
    if (!Number.isInteger(mtu) || mtu < MTU_MIN || mtu > MTU_MAX) {
      throw new RangeError(`the MTU of ${this.name}/${name} is ${mtu}, not ${MTU_MIN} to ${MTU_MAX}`);
    }
    const nic = this.#register({ name, mtu, isLoopback: false }, mac);
    for (const address of options.addresses ?? []) this.addAddress(nic, address);
    return nic;
  }

  /** Gives an interface an address, with the prefix of its network: "10.1.0.10/24". */
  addAddress(nic: NetworkInterface, text: string): void {
    const prefix = parsePrefix(text);
    const address = this.#world.addresses.read(prefix.bytes, 0, prefix.bytes.length as 4 | 16);
    if (nic.owns(address)) return;
    const broadcastBytes = broadcastAddress(address, prefix.length);
    const broadcast = broadcastBytes && this.#world.addresses.read(broadcastBytes, 0, 4);
    nic.assigned.push({ address, prefixLength: prefix.length, broadcast });
    this.routes.add({ prefix, interface: nic, gateway: undefined, origin: "connected" });
  }

  /** Takes an address away from an interface, with the route that came with it. */
  removeAddress(nic: NetworkInterface, text: string): void {
    const address = formatAddress(parsePrefix(text).bytes);
    const left = nic.assigned.filter((entry) => entry.address.text !== address);
    nic.assigned.length = 0;
    this.routes.removeWhere((route) => route.origin === "connected" && route.interface === nic);
    for (const entry of left) this.addAddress(nic, `${entry.address.text}/${entry.prefixLength}`);
  }

  /** Takes an interface away, with its addresses and the routes through it; its link must have been taken out. */
  removeInterface(nic: NetworkInterface): void {
    const at = this.#interfaces.indexOf(nic);
    if (at < 1) throw new Error(`${this.name} has no interface ${nic.name} that could be taken away`);
    if (nic.outgoing !== undefined) throw new Error(`${this.name}/${nic.name} has a link`);
    this.#interfaces.splice(at, 1);
    nic.detach();
    this.routes.removeWhere((route) => route.interface === nic);
  }

  /** Says on its link who has the addresses of an interface now, so that neighbours forget who had them before. */
  announce(nic: NetworkInterface): void {
    if (this.#kernel === undefined || nic.outgoing === undefined) return;
    for (const { address } of nic.assigned) this.#kernel.ip.announce(nic, address);
  }

  /** The default gateways, one of each family at most, instead of all routes that were set by hand. */
  setGateways(gateways: readonly string[]): void {
    this.routes.removeWhere((route) => route.origin === "static");
    for (const gateway of gateways) this.setDefaultGateway(gateway);
  }

  /** A route by hand: "10.2.0.0/16" through the router at `gateway`, which must be on a link of this host. */
  addRoute(prefix: string, gateway: string, origin: RouteOrigin = "static"): void {
    const router = this.#world.addresses.of(gateway);
    const towards = this.routes.lookup(router);
    if (towards === undefined || towards.gateway !== undefined) {
      throw new Error(`${this.name}: the gateway ${gateway} is not on a link of this host`);
    }
    this.routes.add({ prefix: parsePrefix(prefix), interface: towards.interface, gateway: router, origin });
  }

  /** Whatever is not known better goes to the router at `gateway`. */
  setDefaultGateway(gateway: string, origin: RouteOrigin = "static"): void {
    this.addRoute(gateway.includes(":") ? "::/0" : "0.0.0.0/0", gateway, origin);
  }

  /** The power goes: sockets vanish without a word, tasks are cancelled, packets that arrive are lost. */
  powerOff(): void {
    const kernel = this.#kernel;
    if (kernel === undefined) return;
    this.#kernel = undefined;
    kernel.ip.powerOff();
    kernel.tcp.destroy();
    this.#clock.forgetTimers();
    this.#tasks.cancelAll();
    this.onPower(false);
  }

  /** The power is back: the same interfaces, addresses and routes, and nothing else. */
  powerOn(): void {
    if (this.#kernel !== undefined) return;
    this.#kernel = this.#boot();
    this.#tasks.open();
    this.onPower(true);
  }

  #boot(): Kernel {
    const { routes, forwards } = this;
    const configuration = { interfaces: this.#interfaces, routes, forwards, random: this.#random };
    const ip = new IpStack(this.#world, configuration);
    const tcp = new TcpLayer(ip, this.#options.tcp);
    const udp = new UdpLayer(ip);
    ip.register(PROTOCOL_TCP, tcp);
    ip.register(PROTOCOL_UDP, udp);
    return { ip, tcp, udp };
  }

  #addLoopback(): void {
    const nic = this.#register({ name: "lo", mtu: LOOPBACK_MTU, isLoopback: true }, 0);
    nic.outgoing = new Loopback(this.#world.schedule, nic);
    this.addAddress(nic, "127.0.0.1/8");
    this.addAddress(nic, "::1/128");
  }

  #register(identity: Omit<InterfaceIdentity, "macAddress">, mac: number | undefined): NetworkInterface {
    const nic = this.#world.register((id, macAddress) => {
      return new NetworkInterface(this.#world.taps, id, this.name, {
        ...identity,
        macAddress: mac ?? macAddress,
      });
    });
    this.#interfaces.push(nic);
    this.#kernel?.ip.attach(nic);
    return nic;
  }
}

/** RFC 791 section 3.2. */
const MTU_MIN = 68;
/** The largest IPv4 packet. */
const MTU_MAX = 65_535;
const LOOPBACK_MTU = MTU_MAX;
