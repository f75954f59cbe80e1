/**
 * The client as a machine: RFC 2131 section 4.4 with the states of its figure 5. Packets, the result of a probe and what a
 * person wants go in; packets, probes and the lease come out. It never gives up: without a server it asks on, ever more
 * slowly. Read first: client-types.ts. client-run.ts connects it to a socket.
 */

import { FormatError } from "../../bytes/index.ts";
import type { Machine, Random } from "../../net/index.ts";
import { type ClientIdentity, ClientMessages, type Exchange, messageText } from "./client-messages.ts";
import type { ClientInput, ClientOutput, ClientState, Offer } from "./client-types.ts";
import { isHostAddress, type Lease, leaseOf, parametersOf } from "./lease.ts";
import { Offers, type ReceivedOffer } from "./offers.ts";
import { renewAgainAtNs, retransmitMs, setbackMs } from "./timing.ts";
import { type DhcpMessage, emitMessage, messageTypes, parseMessage, UNSPECIFIED } from "./wire.ts";

export interface DhcpClientOptions extends ClientIdentity {
  readonly random: Random;
  /** The lease of an earlier run, which is asked for again (INIT-REBOOT). */
  readonly remembered?: Lease;
  /** The most that it waits before the first message, by chance; absent: STARTUP_DELAY_MS. */
  readonly startupDelayMs?: number;
}

export class DhcpClient implements Machine<ClientInput, ClientOutput> {
  readonly #options: DhcpClientOptions;
  readonly #messages: ClientMessages;
  readonly #outputs: ClientOutput[] = [];
  #state: ClientState = "INIT";
  #wakeAtNs: number | undefined;
  #lease: Lease | undefined;
  /** What a server has acknowledged and the link has not confirmed yet. */
  #candidate: Lease | undefined;
  readonly #offers = new Offers();
  #chosen: ReceivedOffer | undefined;
  /** The address that it had last. */
  #lastAddress: string | undefined;
  #informAddress = UNSPECIFIED;
  #transactionId = 0;
  /** When this exchange began, and its last message was first sent. */
  #beganAtNs = 0;
  #seconds = 0;
  #sentAtNs = 0;
  /** How often the message of this state was sent. */
  #attempts = 0;
  /** NAKs and conflicts without a lease in between. */
  #setbacks = 0;
  #heard: readonly Offer[] = [];

  constructor(nowNs: number, options: DhcpClientOptions) {
    this.#options = options;
    this.#messages = new ClientMessages(options);
    const { remembered, startupDelayMs = STARTUP_DELAY_MS } = options;
    this.#lease = remembered !== undefined && remembered.expiresAtNs > nowNs ? remembered : undefined;
    this.#lastAddress = remembered?.address;
    this.#begin(
      this.#lease === undefined ? "INIT" : "INIT-REBOOT",
      nowNs,
      options.random.fraction() * startupDelayMs,
    );
  }

  get state(): ClientState {
    return this.#state;
  }

  /** What the host has now. */
  get lease(): Lease | undefined {
    return HAS_ADDRESS.has(this.#state) ? this.#lease : undefined;
  }

  /** Who offered something last time, in the order of arrival. */
  get offers(): readonly Offer[] {
    return this.#heard;
  }

  wakeAt(): number | undefined {
    return this.#wakeAtNs;
  }

  poll(): ClientOutput | undefined {
    return this.#outputs.shift();
  }

  handle(nowNs: number, input: ClientInput): void {
    switch (input.kind) {
      case "message":
        this.#handleBytes(nowNs, input.bytes);
        break;
      case "probed":
        this.#handleProbed(nowNs, input.address, input.inUse);
        break;
      case "release":
        this.#release();
        break;
      case "renew":
        this.#renewNow(nowNs);
        break;
      case "inform":
        if (this.#state !== "STOPPED" && this.#state !== "INIT") return;
        this.#informAddress = input.address;
        this.#enter("INFORMING", nowNs);
    }
  }

  handleTimeout(nowNs: number): void {
    if (this.#wakeAtNs === undefined || nowNs < this.#wakeAtNs) return;
    this.#wakeAtNs = undefined;
    switch (this.#state) {
      case "INIT":
        this.#enter("SELECTING", nowNs);
        break;
      case "INIT-REBOOT":
        this.#enter("REBOOTING", nowNs);
        break;
      case "SELECTING":
        if (this.#offers.count > 0) this.#select(nowNs);
        else this.#send(nowNs);
        break;
      case "REQUESTING":
      case "REBOOTING":
        // RFC 2131 section 3.1 (5): when nobody acknowledges, all begins again.
        if (this.#attempts < REQUESTS_MAX) this.#send(nowNs);
        else this.#begin("INIT", nowNs, 0);
        break;
      case "PROBING":
        this.#begin("INIT", nowNs, 0);
        break;
      case "BOUND":
        this.#enter("RENEWING", nowNs);
        break;
      case "RENEWING":
        if (nowNs >= (this.#lease as Lease).rebindAtNs) this.#enter("REBINDING", nowNs);
        else this.#send(nowNs);
        break;
      case "REBINDING":
        if (nowNs >= (this.#lease as Lease).expiresAtNs) this.#expire(nowNs);
        else this.#send(nowNs);
        break;
      case "INFORMING":
        if (this.#attempts < REQUESTS_MAX) this.#send(nowNs);
        else this.#state = "STOPPED";
        break;
      default:
    }
  }

  // ---- What arrives.

  #handleBytes(nowNs: number, bytes: Uint8Array): void {
    try {
      const message = parseMessage(bytes);
      if (message.operation === "reply" && this.#isForUs(message)) this.#handleReply(nowNs, message);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.#note(`a reply is not understood: ${error.message}`);
    }
  }

  /** RFC 2131 section 4.4.1: what has another transaction identifier is not for us. */
  #isForUs({ transactionId, hardwareAddress }: DhcpMessage): boolean {
    const own = this.#options.hardwareAddress;
    const isOwn =
      hardwareAddress.length === own.length && own.every((octet, i) => hardwareAddress[i] === octet);
    return transactionId === this.#transactionId && isOwn;
  }

  #handleReply(nowNs: number, message: DhcpMessage): void {
    const { messageType, serverIdentifier } = message.options;
    if (serverIdentifier === undefined) return;
    if (messageType === messageTypes.offer && this.#state === "SELECTING")
      this.#handleOffer(nowNs, message, serverIdentifier);
    if (!AWAITS_ACK.has(this.#state)) return;
    // Whoever was not chosen has nothing to say; from RENEWING on a lease may change hands.
    if (this.#state === "REQUESTING" && serverIdentifier !== this.#chosen?.serverIdentifier) return;
    if (messageType === messageTypes.ack) this.#handleAck(nowNs, message);
    else if (messageType === messageTypes.nak && this.#state !== "INFORMING") this.#handleNak(nowNs, message);
  }

  #handleOffer(nowNs: number, message: DhcpMessage, serverIdentifier: string): void {
    if (!this.#offers.add(message, serverIdentifier, nowNs)) return;
    this.#note(`${serverIdentifier} offers ${message.yourAddress}`);
    // Others may offer, too: a moment longer, from the first one on.
    if (this.#offers.count === 1) this.#wake(nowNs + OFFERS_WAIT_NS);
  }

  #handleAck(nowNs: number, message: DhcpMessage): void {
    if (this.#state === "INFORMING") {
      this.#state = "STOPPED";
      this.#wakeAtNs = undefined;
      this.#outputs.push({ kind: "informed", parameters: parametersOf(message) });
      return;
    }
    if (!isHostAddress(message.yourAddress)) return;
    const lease = leaseOf(message, this.#sentAtNs);
    const had = this.lease;
    if (had?.address === lease.address) {
      this.#note(`${lease.serverIdentifier} extends the lease of ${lease.address}`);
      this.#bind(nowNs, lease);
      return;
    }
    if (had !== undefined) this.#lose(`${lease.serverIdentifier} gives ${lease.address} instead`);
    // RFC 2131 section 4.4.1: the client SHOULD check that nobody else has it.
    this.#candidate = lease;
    this.#state = "PROBING";
    this.#wake(nowNs + PROBE_LIMIT_NS);
    this.#outputs.push({ kind: "probe", address: lease.address });
  }

  #handleNak(nowNs: number, message: DhcpMessage): void {
    const { serverIdentifier, message: why } = message.options;
    const text = `${serverIdentifier} refuses${why === undefined ? "" : `: ${why}`}`;
    this.#note(text);
    if (this.lease !== undefined) this.#lose(text);
    this.#lease = undefined;
    this.#startAgain(nowNs);
  }

  #handleProbed(nowNs: number, address: string, inUse: boolean): void {
    const lease = this.#candidate;
    if (this.#state !== "PROBING" || lease?.address !== address) return;
    this.#candidate = undefined;
    if (!inUse) {
      this.#note(`${lease.serverIdentifier} gives ${address}`);
      this.#bind(nowNs, lease);
      return;
    }
    // RFC 2131 section 3.1 (5): it is declined, and the client waits ten seconds at least before it begins again.
    this.#note(`somebody else has ${address}: declined`);
    this.#lease = undefined;
    this.#broadcast(this.#messages.decline(this.#transactionId, lease.serverIdentifier, address));
    this.#setbacks++;
    this.#begin("INIT", nowNs, DECLINE_WAIT_MS);
  }

  // ---- What a person wants.

  #release(): void {
    const lease = this.lease;
    if (lease !== undefined) {
      this.#transactionId = this.#options.random.uint32();
      const { address, serverIdentifier } = lease;
      this.#sendTo(serverIdentifier, this.#messages.release(this.#transactionId, serverIdentifier, address));
      this.#lose(`${lease.address} is given back`);
    }
    this.#lease = undefined;
    this.#candidate = undefined;
    this.#wakeAtNs = undefined;
    this.#state = "STOPPED";
  }

  #renewNow(nowNs: number): void {
    this.#setbacks = 0;
    if (this.#state === "BOUND") this.#enter("RENEWING", nowNs);
    else if (this.#state === "RENEWING" || this.#state === "REBINDING") this.#send(nowNs);
    else if (this.#state !== "PROBING")
      this.#begin(this.#lease === undefined ? "INIT" : "INIT-REBOOT", nowNs, 0);
  }

  // ---- From state to state.

  /** A new exchange, after `delayMs`. */
  #begin(state: "INIT" | "INIT-REBOOT", nowNs: number, delayMs: number): void {
    this.#state = state;
    this.#offers.clear();
    this.#chosen = undefined;
    if (state === "INIT") this.#lease = undefined;
    this.#wake(nowNs + delayMs * 1e6);
  }

  /** After a NAK: at once, but ever more slowly while one follows the other. */
  #startAgain(nowNs: number): void {
    const waitMs = setbackMs(this.#setbacks);
    this.#setbacks++;
    this.#begin("INIT", nowNs, waitMs);
  }

  #enter(state: ClientState, nowNs: number): void {
    this.#state = state;
    this.#attempts = 0;
    // RFC 2131 section 4.4.1: the request has the transaction identifier of the discover that led to it.
    if (state !== "REQUESTING") {
      this.#transactionId = this.#options.random.uint32();
      this.#beganAtNs = nowNs;
    }
    this.#send(nowNs);
  }

  #select(nowNs: number): void {
    const offer = this.#offers.best(this.#lastAddress);
    this.#heard = this.#offers.take(offer);
    if (this.#heard.length > 1)
      this.#note(`${this.#heard.length} servers offer: ${offer.serverIdentifier} is taken`);
    this.#chosen = offer;
    this.#enter("REQUESTING", nowNs);
  }

  #bind(nowNs: number, lease: Lease): void {
    this.#lease = lease;
    this.#lastAddress = lease.address;
    this.#setbacks = 0;
    this.#state = "BOUND";
    this.#outputs.push({ kind: "bound", lease });
    this.#wakeAtNs = undefined;
    if (Number.isFinite(lease.renewAtNs)) this.#wake(Math.max(lease.renewAtNs, nowNs));
  }

  #expire(nowNs: number): void {
    this.#lose(`the lease of ${(this.#lease as Lease).address} has run out`);
    this.#begin("INIT", nowNs, 0);
  }

  #lose(reason: string): void {
    this.#outputs.push({ kind: "unbound", reason });
    this.#lease = undefined;
  }

  /** Whole nanoseconds, which clocks count in. */
  #wake(atNs: number): void {
    this.#wakeAtNs = Math.ceil(atNs);
  }

  // ---- What is sent.

  /** The message of the state, and when it is sent again. */
  #send(nowNs: number): void {
    this.#attempts++;
    this.#sentAtNs = nowNs;
    // RFC 2131 section 4.4.1: the request says the seconds of the discover that led to it.
    if (this.#state !== "REQUESTING") this.#seconds = Math.floor((nowNs - this.#beganAtNs) / 1e9);
    this.#wake(this.#retransmitAt(nowNs));
    const lease = this.#lease as Lease;
    const messages = this.#messages;
    switch (this.#state) {
      case "SELECTING":
        this.#broadcast(messages.discover(this.#exchange, this.#lastAddress));
        break;
      case "REQUESTING": {
        const { serverIdentifier, address } = this.#chosen as ReceivedOffer;
        this.#broadcast(messages.select(this.#exchange, serverIdentifier, address));
        break;
      }
      case "REBOOTING":
        this.#broadcast(messages.reboot(this.#exchange, lease.address));
        break;
      case "RENEWING":
        this.#sendTo(lease.serverIdentifier, messages.renew(this.#exchange, lease.address));
        break;
      case "REBINDING":
        this.#broadcast(messages.renew(this.#exchange, lease.address));
        break;
      case "INFORMING":
        this.#broadcast(messages.inform(this.#exchange, this.#informAddress));
        break;
      default:
    }
  }

  #retransmitAt(nowNs: number): number {
    const lease = this.#lease as Lease;
    if (this.#state === "RENEWING") return renewAgainAtNs(nowNs, lease.rebindAtNs);
    if (this.#state === "REBINDING") return renewAgainAtNs(nowNs, lease.expiresAtNs);
    return nowNs + retransmitMs(this.#attempts, this.#options.random) * 1e6;
  }

  get #exchange(): Exchange {
    return { transactionId: this.#transactionId, seconds: this.#seconds };
  }

  #broadcast(message: DhcpMessage): void {
    this.#sendTo("broadcast", message);
  }

  #sendTo(to: string, message: DhcpMessage): void {
    this.#note(`sends ${messageText(message)}`);
    this.#outputs.push({ kind: "send", bytes: emitMessage(message), to });
  }

  #note(text: string): void {
    this.#outputs.push({ kind: "note", text });
  }
}

const HAS_ADDRESS: ReadonlySet<ClientState> = new Set(["BOUND", "RENEWING", "REBINDING"]);
const AWAITS_ACK: ReadonlySet<ClientState> = new Set([
  "REQUESTING",
  "REBOOTING",
  "RENEWING",
  "REBINDING",
  "INFORMING",
]);
/** RFC 2131 section 4.4.1: so that not all ask at once when the power comes back. */
const STARTUP_DELAY_MS = 10_000;
/** RFC 2131 section 3.1 (5): four times, about a minute. */
const REQUESTS_MAX = 4;
/** Longer than any probe takes. */
const PROBE_LIMIT_NS = 15e9;
const DECLINE_WAIT_MS = 10_000;
/** For servers that ping an address first, half a second in ours; a person hardly notices. */
const OFFERS_WAIT_NS = 700e6;
