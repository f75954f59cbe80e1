/**
 * The server as a machine: RFC 2131 section 4.3. Messages and the results of pings go in; leases to be written down,
 * replies and pings come out, in the order in which they must be done. Read first: server-types.ts, bindings.ts, then
 * `#discover` and `#request`. server-run.ts connects it to sockets and to a store.
 */

import { FormatError } from "../../bytes/index.ts";
import type { Machine } from "../../net/index.ts";
import { type Binding, Bindings, isLive } from "./bindings.ts";
import { type Client, clientOf, nameOf } from "./client-name.ts";
import { HearsayTable } from "./hearsay.ts";
import { LEASE_INFINITE } from "./options.ts";
import { informReply, leaseReply, nakReply, replyAddress } from "./server-reply.ts";
import type { Arrival, DhcpServerConfiguration, ServerInput, ServerOutput } from "./server-types.ts";
import type { StoredLease } from "./store.ts";
import { edgesOf, isClient, isInPool, isInSubnet, reservationOf, type Subnet, subnetKey } from "./subnets.ts";
import { type DhcpMessage, emitMessage, messageTypes, parseMessage, UNSPECIFIED } from "./wire.ts";

export interface DhcpServerOptions {
  readonly configuration: DhcpServerConfiguration;
  /** Wall-clock time at 0 ns: leases outlive the server by it. */
  readonly epochMs: number;
  /** What an earlier run has written down. */
  readonly leases: readonly StoredLease[];
  /** The server's own addresses as they are now: nobody else gets them. */
  readonly ownAddresses: () => readonly string[];
}

/** A message with what is known of it. */
interface Asked {
  readonly message: DhcpMessage;
  readonly client: Client;
  readonly arrival: Arrival;
  readonly subnet: Subnet;
}

export class DhcpServer implements Machine<ServerInput, ServerOutput> {
  readonly #options: DhcpServerOptions;
  readonly #bindings = new Bindings();
  readonly #outputs: ServerOutput[] = [];
  /** Discovers whose address is being pinged. */
  readonly #pinging = new Map<string, Asked>();
  /** Who asked in vain; which other servers there are. */
  readonly hearsay = new HearsayTable();
  #configuration: DhcpServerConfiguration;

  constructor(options: DhcpServerOptions) {
    this.#options = options;
    this.#configuration = options.configuration;
    for (const { expiresAtMs, ...lease } of options.leases) {
      const expiresAtNs =
        expiresAtMs === undefined ? Number.POSITIVE_INFINITY : (expiresAtMs - options.epochMs) * 1e6;
      this.#bindings.put(this.#subnetWith(lease.address), { ...lease, expiresAtNs });
    }
  }

  get configuration(): DhcpServerConfiguration {
    return this.#configuration;
  }

  /** From now on these pools and rules; what was given before stays so until it is asked for again. */
  configure(configuration: DhcpServerConfiguration): void {
    this.#configuration = configuration;
  }

  /** Every address that is or was given, in the order in which it first was. */
  bindings(): readonly Binding[] {
    return this.#bindings.all();
  }

  /** Takes a lease back without asking: its client hears of it when it asks again. */
  revoke(address: string): boolean {
    const binding = this.#bindings.at(address);
    if (binding === undefined || binding.state === "free") return false;
    this.#keep(this.#subnetWith(address), { ...binding, state: "free" });
    return true;
  }

  wakeAt(): undefined {
    return undefined;
  }

  handleTimeout(): void {}

  poll(): ServerOutput | undefined {
    return this.#outputs.shift();
  }

  handle(nowNs: number, input: ServerInput): void {
    if (input.kind === "pinged") this.#handlePinged(nowNs, input.address, input.answered);
    else this.#handleBytes(nowNs, input.bytes, input.arrival);
  }

  #handleBytes(nowNs: number, bytes: Uint8Array, arrival: Arrival): void {
    let message: DhcpMessage;
    try {
      message = parseMessage(bytes);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#note("info", `a message on ${arrival.interface} is not understood: ${error.message}`);
      return;
    }
    if (message.operation !== "request" || message.hops > HOPS_MAX) return;
    const client = clientOf(message);
    if (client === undefined) return;
    const subnet = this.#subnetFor(message, arrival);
    if (subnet !== undefined) this.#handleMessage(nowNs, { message, client, arrival, subnet });
    else {
      const { relayAddress } = message;
      const where = relayAddress === UNSPECIFIED ? arrival.interface : `the network of relay ${relayAddress}`;
      this.#refuse(nowNs, client, `there is no pool for ${where}`);
    }
  }

  #handleMessage(nowNs: number, asked: Asked): void {
    switch (asked.message.options.messageType) {
      case messageTypes.discover:
        this.#discover(nowNs, asked);
        break;
      case messageTypes.request:
        this.#request(nowNs, asked);
        break;
      case messageTypes.decline:
        this.#decline(nowNs, asked);
        break;
      case messageTypes.release:
        this.#release(asked);
        break;
      case messageTypes.inform:
        if (this.#admits(asked.client))
          this.#reply(asked, informReply(asked.message, asked.arrival.local, asked.subnet));
        else this.#refuse(nowNs, asked.client, NOT_ADMITTED);
        break;
      // What has no type is BOOTP, what we do not know is no question to us.
      default:
    }
  }

  // ---- DISCOVER: RFC 2131 section 4.3.1.

  #discover(nowNs: number, asked: Asked): void {
    const { client, subnet } = asked;
    if (!this.#admits(client)) {
      this.#refuse(nowNs, client, NOT_ADMITTED);
      return;
    }
    // Asked again while the address is being looked at: it is offered in a moment.
    if ([...this.#pinging.values()].some((each) => each.client.key === client.key)) return;
    const address = this.#choose(nowNs, asked);
    if (address === undefined) return;
    const had = this.#bindings.at(address);
    this.#bindings.put(subnet, this.#binding(asked, address, "offered", nowNs + OFFER_KEPT_NS, had, nowNs));
    const isOld = had?.client === client.key && had.state !== "declined";
    if (!this.#configuration.ping || isOld || this.#pinging.size >= PINGS_MAX) this.#offer(asked, address);
    else {
      this.#pinging.set(address, asked);
      this.#outputs.push({ kind: "ping", address });
    }
  }

  /** The address to offer; undefined when there is none, which is noted. */
  #choose(nowNs: number, asked: Asked): string | undefined {
    const { client, subnet, message } = asked;
    const reserved = reservationOf(subnet, client)?.address;
    const wishes = [
      reserved,
      this.#bindings.ofClient(subnet, client)?.address,
      message.options.requestedAddress,
    ];
    const may = (address: string): boolean => this.#objection(nowNs, asked, address) === undefined;
    const wish = wishes.find((address) => address !== undefined && may(address));
    if (wish !== undefined) return wish;
    if (reserved !== undefined) {
      this.#refuse(
        nowNs,
        client,
        `${reserved} is reserved for it: ${this.#objection(nowNs, asked, reserved)}`,
      );
      return undefined;
    }
    const free = this.#bindings.choose(subnet, nowNs, may);
    if (free === undefined) this.#refuse(nowNs, client, `the pool of ${subnetKey(subnet)} is empty`);
    return free;
  }

  #handlePinged(nowNs: number, address: string, answered: boolean): void {
    const asked = this.#pinging.get(address);
    if (asked === undefined) return;
    this.#pinging.delete(address);
    if (!answered) {
      this.#offer(asked, address);
      return;
    }
    this.#block(nowNs, asked, address, `${address} is not offered: somebody without a lease answers there`);
    this.#discover(nowNs, asked);
  }

  #offer(asked: Asked, address: string): void {
    const { message, arrival, subnet } = asked;
    const leaseTime = leaseTimeFor(message, subnet);
    this.#reply(asked, leaseReply(message, messageTypes.offer, arrival.local, subnet, address, leaseTime));
    this.#note("info", `offers ${address} to ${nameOf(asked.client)}`);
    this.hearsay.forgetRefusal(asked.client.hardwareAddress);
  }

  // ---- REQUEST: RFC 2131 section 4.3.2.

  #request(nowNs: number, asked: Asked): void {
    const { message, client, arrival, subnet } = asked;
    const { serverIdentifier, requestedAddress } = message.options;
    const { clientAddress } = message;
    const isSelecting = serverIdentifier !== undefined;
    if (isSelecting && !this.#isOwn(serverIdentifier, arrival)) {
      this.#lose(nowNs, asked, serverIdentifier);
      return;
    }
    const address = clientAddress !== UNSPECIFIED ? clientAddress : requestedAddress;
    if (address === undefined) return;
    const known = this.#bindings.ofClient(subnet, client);
    const isReserved = reservationOf(subnet, client)?.address === address;
    const objection = this.#admits(client) ? this.#objection(nowNs, asked, address) : NOT_ADMITTED;
    // RFC 2131 section 4.3.2: who is not known gets no answer, unless he is in the wrong network; another server may know him.
    const isOurs = isSelecting || known !== undefined || isReserved || !isInSubnet(subnet, address);
    if (!isOurs)
      this.#refuse(nowNs, client, objection ?? `asks for ${address}, which was not given to it here`);
    else if (objection !== undefined) this.#refuseWithNak(nowNs, asked, objection);
    else if (!isSelecting && !isReserved && known?.address !== address)
      this.#refuseWithNak(nowNs, asked, `${address} is not its address, ${known?.address} is`);
    else this.#acknowledge(nowNs, asked, address);
  }

  #acknowledge(nowNs: number, asked: Asked, address: string): void {
    const { message, client, arrival, subnet } = asked;
    // A client has one address in a network: it does not go back to what it had before.
    for (const other of this.#bindings.othersOf(subnet, client, address))
      if (other.state === "bound" || other.state === "offered")
        this.#keep(subnet, { ...other, state: "free" });
    const had = this.#bindings.at(address);
    const isNew = had?.state !== "bound" || had.client !== client.key;
    const leaseTime = leaseTimeFor(message, subnet);
    const expiresAtNs = leaseTime === LEASE_INFINITE ? Number.POSITIVE_INFINITY : nowNs + leaseTime * 1e9;
    this.#keep(subnet, this.#binding(asked, address, "bound", expiresAtNs, had, nowNs));
    this.#reply(asked, leaseReply(message, messageTypes.ack, arrival.local, subnet, address, leaseTime));
    this.#note("info", `${isNew ? "gives" : "extends"} ${address} ${isNew ? "to" : "of"} ${nameOf(client)}`);
    this.hearsay.forgetRefusal(client.hardwareAddress);
  }

  #refuseWithNak(nowNs: number, asked: Asked, reason: string): void {
    this.#reply(asked, nakReply(asked.message, asked.arrival.local, reason));
    this.#refuse(nowNs, asked.client, reason);
  }

  /** The client has chosen another server: what was offered to it is free again. */
  #lose(nowNs: number, { client, subnet }: Asked, serverIdentifier: string): void {
    const offered = this.#bindings.ofClient(subnet, client);
    if (offered?.state === "offered") this.#bindings.put(subnet, { ...offered, state: "free" });
    if (this.hearsay.chose(nowNs, serverIdentifier, client))
      this.#note("warn", `${nameOf(client)} takes the offer of another server, ${serverIdentifier}`);
  }

  // ---- DECLINE and RELEASE: RFC 2131 sections 4.3.3 and 4.3.4.

  #decline(nowNs: number, asked: Asked): void {
    const { requestedAddress: address, serverIdentifier } = asked.message.options;
    if (address === undefined || !this.#isOwn(serverIdentifier, asked.arrival)) return;
    // Only its own: else one client could empty the whole pool.
    if (this.#bindings.at(address)?.client !== asked.client.key) return;
    this.#block(nowNs, asked, address, `${nameOf(asked.client)} declines ${address}: somebody else has it`);
  }

  #release({ message, client, subnet }: Asked): void {
    const binding = this.#bindings.at(message.clientAddress);
    if (binding?.client !== client.key || binding.state === "free") return;
    this.#keep(subnet, { ...binding, state: "free" });
    this.#note("info", `${nameOf(client)} gives ${binding.address} back`);
  }

  /** Somebody has the address who has no lease: it is left alone for a while. */
  #block(nowNs: number, asked: Asked, address: string, text: string): void {
    const had = this.#bindings.at(address);
    this.#keep(asked.subnet, this.#binding(asked, address, "declined", nowNs + DECLINED_NS, had, nowNs));
    this.#note("warn", text);
  }

  // ---- Whose is it?

  /** Why this client cannot have the address; undefined: it can. */
  #objection(nowNs: number, { client, subnet }: Asked, address: string): string | undefined {
    if (!isInSubnet(subnet, address)) return `${address} is not in ${subnetKey(subnet)}`;
    const { first, last } = edgesOf(subnet);
    if (address === first || address === last) return `${address} is no host's address`;
    if (this.#options.ownAddresses().includes(address)) return `${address} is the address of this server`;
    if (subnet.routers.includes(address) || subnet.nameServers.includes(address))
      return `${address} is the address of a router or name server`;
    const reserved = reservationOf(subnet, client)?.address;
    if (reserved !== undefined && reserved !== address) return `${reserved} is reserved for it`;
    const isReserved = subnet.reservations.some((each) => each.address === address);
    if (isReserved && reserved === undefined) return `${address} is reserved for another client`;
    if (!isReserved && !isInPool(subnet, address)) return `${address} is not in the pool`;
    const binding = this.#bindings.at(address);
    if (binding === undefined || !isLive(binding, nowNs)) return undefined;
    if (binding.state === "declined") return `${address} is used by somebody without a lease`;
    return binding.client === client.key ? undefined : `${address} is given to another client`;
  }

  #admits(client: Client): boolean {
    return this.#configuration.only?.some((each) => isClient(each, client)) ?? true;
  }

  #isOwn(serverIdentifier: string | undefined, arrival: Arrival): boolean {
    if (serverIdentifier === undefined) return false;
    return serverIdentifier === arrival.local || this.#options.ownAddresses().includes(serverIdentifier);
  }

  /** RFC 2131 section 4.3.1: the network of the relay agent, or of the address it has, or of the link that it came by. */
  #subnetFor({ relayAddress, clientAddress }: DhcpMessage, arrival: Arrival): Subnet | undefined {
    if (relayAddress !== UNSPECIFIED) return this.#subnetWith(relayAddress);
    const own = this.#subnetWith(arrival.local);
    // Who renews comes by itself, through routers, from the network behind a relay.
    return clientAddress === UNSPECIFIED ? own : (this.#subnetWith(clientAddress) ?? own);
  }

  #subnetWith(address: string): Subnet | undefined {
    return this.#configuration.subnets.find((subnet) => isInSubnet(subnet, address));
  }

  // ---- What comes of it.

  #binding(
    { client }: Asked,
    address: string,
    state: Binding["state"],
    expiresAtNs: number,
    had: Binding | undefined,
    nowNs: number,
  ): Binding {
    const { key, hardwareAddress, hostName } = client;
    // An offer to who has the address already takes nothing from the lease.
    const keeps = state === "offered" && had?.state === "bound" && had.client === key && isLive(had, nowNs);
    if (keeps) return had;
    return { address, client: key, hardwareAddress, hostName, state, expiresAtNs };
  }

  /** Into the table and, before anything else is said, into the store. */
  #keep(subnet: Subnet | undefined, binding: Binding): void {
    this.#bindings.put(subnet, binding);
    const { expiresAtNs, state, ...rest } = binding;
    const expiresAtMs = Number.isFinite(expiresAtNs) ? this.#options.epochMs + expiresAtNs / 1e6 : undefined;
    if (state !== "offered") this.#outputs.push({ kind: "save", lease: { ...rest, state, expiresAtMs } });
  }

  #reply({ message, arrival }: Asked, answer: DhcpMessage): void {
    const to = replyAddress(message, answer);
    const bytes = emitMessage(answer, message.options.maximumMessageSize);
    this.#outputs.push({ kind: "send", bytes, interface: arrival.interface, to });
  }

  #refuse(nowNs: number, client: Client, reason: string): void {
    if (this.hearsay.refused(nowNs, client, reason))
      this.#note("warn", `${nameOf(client)} gets no address: ${reason}`);
  }

  #note(level: "info" | "warn", text: string): void {
    this.#outputs.push({ kind: "note", level, text });
  }
}

/** What the client wishes, if that is less than usual, but not so little that it does nothing else. */
function leaseTimeFor({ options }: DhcpMessage, { leaseTime }: Subnet): number {
  const wish = options.leaseTime ?? leaseTime;
  return Math.min(Math.max(wish, LEASE_TIME_MIN), leaseTime);
}

const NOT_ADMITTED = "it is not among those who are served";
/** RFC 1542 section 4.1.1: more than 16 relays are a loop. */
const HOPS_MAX = 16;
/** A minute: all the attempts of a client in REQUESTING. */
const OFFER_KEPT_NS = 60e9;
/** An hour: who took an address by hand will not be gone in a minute, and a pool must not stay empty for ever. */
const DECLINED_NS = 3600e9;
/** Seconds. */
const LEASE_TIME_MIN = 60;
/** At once; more are offered their address unlooked at, which the client's own probe makes good for. */
const PINGS_MAX = 64;
