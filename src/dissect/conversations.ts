/**
 * Who talks to whom: TCP connections and pairs of UDP endpoints, numbered in the order in which they appear.
 */

import type { Endpoint } from "../net/index.ts";
import type { CapturedPacket } from "../sim/capture/packet.ts";
import { TcpFlag } from "../sim/wire/tcp.ts";
import type { Flow } from "./flow.ts";
import { applicationByPort } from "./registry.ts";

export interface Conversation {
  /** Counts from 0, TCP and UDP by themselves: Wireshark's "stream index". */
  readonly stream: number;
  readonly protocol: "tcp" | "udp";
  /** Who opened it, as far as the capture tells. */
  readonly client: Endpoint;
  readonly server: Endpoint;
  /** The registered name of the application protocol, once it is known. */
  application: string | undefined;
  readonly toServer: Counts;
  readonly toClient: Counts;
  readonly startNs: number;
  endNs: number;
}

export interface Counts {
  packets: number;
  /** Octets of whole frames. */
  octets: number;
}

/** Bits per second in one direction over the whole conversation; 0 for a single packet. */
export function bitsPerSecond(conversation: Conversation, direction: "toServer" | "toClient"): number {
  const durationNs = conversation.endNs - conversation.startNs;
  return durationNs === 0 ? 0 : (conversation[direction].octets * 8 * 1e9) / durationNs;
}

export class ConversationTable {
  /** By protocol and endpoints: the latest conversation of each. */
  readonly #current = new Map<string, Entry>();
  readonly #all = new Set<Entry>();
  /** Goes on where it is: to begin anew each time would pass by all that was deleted before. */
  readonly #oldest = this.#all.values();
  readonly #conversationsMax: number;
  #tcpCount = 0;
  #udpCount = 0;

  constructor(conversationsMax = CONVERSATIONS_MAX) {
    this.#conversationsMax = conversationsMax;
  }

  /**
   * The conversations in the order of their first packets; the oldest are forgotten when there are too many.
   */
  get conversations(): readonly Conversation[] {
    return Array.from(this.#all, ({ conversation }) => conversation);
  }

  /** Counts the packet. */
  add(packet: CapturedPacket, flow: Flow): { conversation: Conversation; fromClient: boolean } {
    const key = keyOf(flow);
    let entry = this.#current.get(key);
    if (entry === undefined || isReopened(entry, flow)) {
      if (this.#all.size >= this.#conversationsMax) this.#forgetOldest();
      entry = { key, conversation: this.#open(packet, flow), clientSyn: undefined, serverSyn: undefined };
      this.#current.set(key, entry);
      this.#all.add(entry);
    }
    const { conversation } = entry;
    const fromClient = isSame(flow.source, conversation.client);
    if (isSyn(flow)) entry[fromClient ? "clientSyn" : "serverSyn"] = flow.tcp?.sequence;
    const counts = fromClient ? conversation.toServer : conversation.toClient;
    counts.packets++;
    counts.octets += packet.length;
    conversation.endNs = Math.max(conversation.endNs, packet.timeNs);
    return { conversation, fromClient };
  }

  #open(packet: CapturedPacket, flow: Flow): Conversation {
    const { protocol } = flow;
    const stream = protocol === "tcp" ? this.#tcpCount++ : this.#udpCount++;
    const [client, server] = roles(flow);
    return {
      ...{ stream, protocol, client, server },
      application: applicationByPort(protocol, server.port, client.port)?.name,
      toServer: { packets: 0, octets: 0 },
      toClient: { packets: 0, octets: 0 },
      startNs: packet.timeNs,
      endNs: packet.timeNs,
    };
  }

  #forgetOldest(): void {
    const oldest = this.#oldest.next().value as Entry;
    this.#all.delete(oldest);
    if (this.#current.get(oldest.key) === oldest) this.#current.delete(oldest.key);
  }
}

interface Entry {
  readonly key: string;
  readonly conversation: Conversation;
  /** The initial sequence numbers that the SYNs named. */
  clientSyn: number | undefined;
  serverSyn: number | undefined;
}

/**
 * A SYN with another initial sequence number than before begins a new connection of the same two endpoints.
 */
function isReopened(entry: Entry, flow: Flow): boolean {
  if (!isSyn(flow) || hasAck(flow)) return false;
  const before = isSame(flow.source, entry.conversation.client) ? entry.clientSyn : entry.serverSyn;
  return before !== undefined && before !== flow.tcp?.sequence;
}

/**
 * Client and server: the SYN tells; else the registered port is the server's; else the first sender is the
 * client.
 */
function roles(flow: Flow): [Endpoint, Endpoint] {
  const { protocol, source, destination } = flow;
  if (isSyn(flow)) return hasAck(flow) ? [destination, source] : [source, destination];
  const isAnswer =
    applicationByPort(protocol, destination.port) === undefined &&
    applicationByPort(protocol, source.port) !== undefined;
  return isAnswer ? [destination, source] : [source, destination];
}

function isSyn(flow: Flow): boolean {
  return flow.tcp !== undefined && (flow.tcp.flags & TcpFlag.synchronize) !== 0;
}

function hasAck(flow: Flow): boolean {
  return flow.tcp !== undefined && (flow.tcp.flags & TcpFlag.acknowledgment) !== 0;
}

function isSame(a: Endpoint, b: Endpoint): boolean {
  return a.port === b.port && a.address === b.address;
}

function keyOf(flow: Flow): string {
  const source = textOf(flow.source);
  const destination = textOf(flow.destination);
  return `${flow.protocol} ${source < destination ? `${source} ${destination}` : `${destination} ${source}`}`;
}

function textOf(endpoint: Endpoint): string {
  return `${endpoint.address} ${endpoint.port}`;
}

/** A network that runs for days has no end of look-ups; this many take some tens of megabytes. */
const CONVERSATIONS_MAX = 100_000;
