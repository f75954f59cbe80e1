/**
 * TCP of one host: finds the connection or listener that a segment is for, opens new ones, answers what is for
 * nobody. Read `connection.ts` next. Nothing here calls back into the application while it is inside a method:
 * sockets are told at the end of handling a packet, an ICMP report or a timer.
 *
 * What IP must keep: `send` returns before anything that it leads to (a packet, a report) is handed to this layer.
 */

import { FormatError } from "../../../bytes/index.ts";
import { type AddressFamily, NetworkError } from "../../../net/index.ts";
import { parseTcpHeader, TcpFlag, TcpHeader, tcpChecksum, tcpPseudoSum } from "../../wire/tcp.ts";
import type { IpAddress } from "../ip-address.ts";
import type { IpLayer, ReceivedPacket, TransportErrorReport } from "../transport.ts";
import { type ConnectionOwner, TcpConnection } from "./connection.ts";
import { handleIcmpError } from "./icmp.ts";
import { InitialSequence } from "./initial-sequence.ts";
import { handleSegment } from "./input.ts";
import { TcpListener } from "./listener.ts";
import { ListenerTable } from "./listener-table.ts";
import { TCP_DEFAULTS, type TcpOptions } from "./options.ts";
import { Arena } from "./receive-queue.ts";
import { sendResetFor } from "./segments.ts";
import { isAfter } from "./sequence.ts";
import { snapshotOf, type TcpSocketSnapshot } from "./snapshot.ts";
import type { TcpSocket } from "./socket.ts";

export type { TcpSocketSnapshot } from "./snapshot.ts";

/** What happened at the layer as a whole, for the console (RFC 4022 has the same counters). */
export interface TcpCounters {
  segmentsReceived: number;
  malformed: number;
  badChecksums: number;
  resetsSent: number;
}

export class TcpLayer implements ConnectionOwner {
  readonly ip: IpLayer;
  readonly options: TcpOptions;
  readonly counters: TcpCounters = { segmentsReceived: 0, malformed: 0, badChecksums: 0, resetsSent: 0 };
  readonly arena = new Arena();
  readonly initialSequence: InitialSequence;
  /** By local and remote port; connections that share both are chained by `nextInChain`. */
  readonly #connections = new Map<number, TcpConnection>();
  readonly #timeWait = new Set<TcpConnection>();
  readonly #listeners = new ListenerTable();
  readonly #header = new TcpHeader();
  #connectionCount = 0;
  #acknowledging: TcpConnection[] = [];
  #destroyed = false;

  constructor(ip: IpLayer, options: Partial<TcpOptions> = {}) {
    this.ip = ip;
    this.options = { ...TCP_DEFAULTS, ...options };
    this.initialSequence = new InitialSequence(ip.schedule, ip.random);
  }

  /** A packet with protocol 6 for one of this host's addresses. */
  handlePacket(packet: ReceivedPacket): void {
    if (this.#destroyed) return;
    const header = this.#header;
    this.counters.segmentsReceived++;
    try {
      parseTcpHeader(packet.bytes, packet.start, packet.end, header);
    } catch (error) {
      if (!(error instanceof FormatError)) throw error;
      this.counters.malformed++;
      packet.drop(error.message);
      return;
    }
    // RFC 9293 section 3.1: the receiver MUST check the checksum. A link that has changed nothing need not be doubted.
    if (!packet.intact && !hasGoodChecksum(packet)) {
      this.counters.badChecksums++;
      packet.drop("wrong TCP checksum");
      return;
    }
    const connection = this.#find(
      packet.destination,
      header.destinationPort,
      packet.source,
      header.sourcePort,
    );
    if (connection === undefined) this.#handleStranger(packet, header);
    else if (connection.state === "TIME-WAIT" && this.#mayReuse(connection, header)) {
      const after = (connection.sendHighest + REUSE_GAP) | 0;
      connection.delete(undefined);
      this.#handleStranger(packet, header, after);
    } else {
      handleSegment(connection, header, packet.bytes);
      connection.tellUser();
    }
  }

  /** An ICMP error about a segment of ours. May be called while `ip.send` is sending it: it is taken up afterwards. */
  handleError(report: TransportErrorReport): void {
    const at = report.header;
    if (this.#destroyed || at.length < 8) return;
    const localPort = (at[0] << 8) | at[1];
    const remotePort = (at[2] << 8) | at[3];
    const sequence = (at[4] << 24) | (at[5] << 16) | (at[6] << 8) | at[7];
    const { kind, source, destination } = report;
    this.ip.schedule.after(0, () => {
      const connection = this.#find(source, localPort, destination, remotePort);
      if (connection === undefined) return;
      handleIcmpError(connection, kind, sequence);
      connection.tellUser();
    });
  }

  /**
   * Begins to open a connection; its socket tells how it went (`onEstablished`, `onFailure`, or `established` and
   * `failure`). Throws NetworkError: "unreachable" (no route), "too-many" (connections), "address-not-available"
   * (no free port).
   */
  connect(remote: IpAddress, port: number, options: Partial<TcpOptions> = {}): TcpSocket {
    if (this.#destroyed) throw new NetworkError("closed", "the host is switched off");
    const local = this.ip.sourceFor(remote);
    if (local === undefined) throw new NetworkError("unreachable", `there is no route to ${remote.text}`);
    this.#checkRoom();
    const localPort = this.#freePort((free) => this.#find(local, free, remote, port) === undefined);
    const connection = new TcpConnection(this, local, localPort, remote, port, {
      ...this.options,
      ...options,
    });
    this.#add(connection);
    connection.open(this.initialSequence.next(local, localPort, remote, port));
    return connection.socket;
  }

  /**
   * Begins to accept connections to `port` (0: a free one) at `local` (undefined: every address, or every one of
   * `family`). Throws NetworkError "address-in-use", "address-not-available".
   */
  listen(
    local: IpAddress | undefined,
    port: number,
    backlog: number,
    options: Partial<TcpOptions> & { family?: AddressFamily } = {},
  ): TcpListener {
    if (this.#destroyed) throw new NetworkError("closed", "the host is switched off");
    if (local !== undefined && !this.ip.isLocal(local))
      throw new NetworkError("address-not-available", `${local.text} is not an address of this host`);
    const { family, ...tcpOptions } = options;
    const wanted = port === 0 ? this.#freePort(() => true) : port;
    const address = { local, family: local?.family ?? family, port: wanted };
    const listener = new TcpListener(this.#listeners, address, backlog, { ...this.options, ...tcpOptions });
    this.#listeners.add(listener);
    return listener;
  }

  /** Every listener and connection, for the console. */
  sockets(): TcpSocketSnapshot[] {
    const connections: TcpConnection[] = [];
    this.#eachConnection((connection) => connections.push(connection));
    return snapshotOf(this.#listeners.all(), connections);
  }

  /** The host loses its power: nothing is sent any more, nobody is told, no timer is left. */
  destroy(): void {
    this.#destroyed = true;
    this.#listeners.clear();
    const all: TcpConnection[] = [];
    this.#eachConnection((connection) => all.push(connection));
    for (const connection of all)
      connection.delete(new NetworkError("closed", "the host was switched off"), true);
  }

  // ---- For connections (ConnectionOwner).

  /** Sends the ACK that `connection` owes when this instant is over, unless it has gone along with data by then. */
  acknowledgeSoon(connection: TcpConnection): void {
    if (this.#acknowledging.length === 0) this.ip.schedule.after(0, this.#acknowledge);
    this.#acknowledging.push(connection);
  }

  /** The connection has come to TIME-WAIT. The oldest of too many gives way (RFC 9293 section 3.4.2 has no bound). */
  handleTimeWait(connection: TcpConnection): void {
    this.#timeWait.add(connection);
    if (this.#timeWait.size <= TIME_WAIT_MAX) return;
    for (const oldest of this.#timeWait) {
      oldest.delete(undefined);
      return;
    }
  }

  /** The connection is CLOSED: nothing must find it any more. */
  handleClosed(connection: TcpConnection): void {
    this.#timeWait.delete(connection);
    const key = keyOf(connection.localPort, connection.remotePort);
    let at = this.#connections.get(key);
    if (at === connection) {
      if (connection.nextInChain === undefined) this.#connections.delete(key);
      else this.#connections.set(key, connection.nextInChain);
    } else {
      while (at !== undefined && at.nextInChain !== connection) at = at.nextInChain;
      if (at === undefined) return;
      at.nextInChain = connection.nextInChain;
    }
    connection.nextInChain = undefined;
    this.#connectionCount--;
  }

  // ---- Helpers.

  readonly #acknowledge = (): void => {
    const due = this.#acknowledging;
    this.#acknowledging = [];
    for (const connection of due) connection.acknowledgeNow();
  };

  #find(
    local: IpAddress,
    localPort: number,
    remote: IpAddress,
    remotePort: number,
  ): TcpConnection | undefined {
    let at = this.#connections.get(keyOf(localPort, remotePort));
    while (at !== undefined && (at.remote !== remote || at.local !== local)) at = at.nextInChain;
    return at;
  }

  /** RFC 9293 section 3.10.7.1 and 3.10.7.2: a segment for a listener, or for nobody. */
  #handleStranger(packet: ReceivedPacket, header: TcpHeader, sequenceAfter?: number): void {
    if ((header.flags & TcpFlag.reset) !== 0) return;
    const listener = this.#listeners.find(packet.destination, header.destinationPort);
    const opens = (header.flags & (TcpFlag.synchronize | TcpFlag.acknowledgment)) === TcpFlag.synchronize;
    if (listener === undefined || !opens) {
      this.counters.resetsSent++;
      sendResetFor(this.ip, packet, header, listener === undefined ? NOBODY_LISTENS : NO_CONNECTION);
      return;
    }
    if (!listener.hasRoomForHandshake || this.#connectionCount >= CONNECTIONS_MAX) {
      // As everywhere: silence makes the peer try again, a reset would make it give up.
      listener.refusedCount++;
      return;
    }
    const { destination: local, source: remote } = packet;
    const { destinationPort, sourcePort } = header;
    const connection = new TcpConnection(
      this,
      local,
      destinationPort,
      remote,
      sourcePort,
      listener.options,
      listener,
    );
    this.#add(connection);
    listener.handleSyn(connection);
    const initial = this.initialSequence.next(local, destinationPort, remote, sourcePort);
    const tooLow = sequenceAfter !== undefined && isAfter(sequenceAfter, initial);
    connection.openPassive(tooLow ? sequenceAfter : initial, header);
  }

  /** RFC 6191 section 2, RFC 9293 section 3.10.7.4: a SYN that is certainly new may take the place of a TIME-WAIT. */
  #mayReuse(connection: TcpConnection, header: TcpHeader): boolean {
    if ((header.flags & FLAGS_OF_OPENING) !== TcpFlag.synchronize) return false;
    if (this.#listeners.find(connection.local, connection.localPort) === undefined) return false;
    if (connection.timestampsOn && header.hasTimestamps) {
      if (isAfter(header.timestampValue, connection.recentTimestamp)) return true;
      if (header.timestampValue !== connection.recentTimestamp) return false;
    }
    return isAfter(header.sequence, connection.receiveNext);
  }

  #add(connection: TcpConnection): void {
    const key = keyOf(connection.localPort, connection.remotePort);
    connection.nextInChain = this.#connections.get(key);
    this.#connections.set(key, connection);
    this.#connectionCount++;
  }

  #checkRoom(): void {
    if (this.#connectionCount >= CONNECTIONS_MAX)
      throw new NetworkError("too-many", `this host holds ${CONNECTIONS_MAX} TCP connections already`);
  }

  /** RFC 6056 section 3.3.1: a random port, then the following ones until one is free. */
  #freePort(isFree: (port: number) => boolean): number {
    const first = this.ip.random.below(EPHEMERAL_PORTS);
    for (let i = 0; i < EPHEMERAL_PORTS; i++) {
      const port = EPHEMERAL_FIRST + ((first + i) % EPHEMERAL_PORTS);
      if (!this.#listeners.has(port) && isFree(port)) return port;
    }
    throw new NetworkError("address-not-available", "every port that could be given is in use");
  }

  #eachConnection(visit: (connection: TcpConnection) => void): void {
    for (const first of this.#connections.values()) {
      for (let at: TcpConnection | undefined = first; at !== undefined; at = at.nextInChain) visit(at);
    }
  }
}

/** Both ports in the 32 bits of a small integer, which a Map finds fastest. */
function keyOf(localPort: number, remotePort: number): number {
  return (localPort << 16) | remotePort;
}

function hasGoodChecksum({ bytes, start, end, source, destination }: ReceivedPacket): boolean {
  return tcpChecksum(bytes, start, end, tcpPseudoSum(source.bytes, destination.bytes)) === 0;
}

const FLAGS_OF_OPENING = TcpFlag.synchronize | TcpFlag.acknowledgment | TcpFlag.reset;
const NOBODY_LISTENS = "reset: nobody listens on this port";
const NO_CONNECTION = "reset: there is no such connection";
/** RFC 6056 section 3.2 asks for a range as large as possible; from here as in Linux, clear of all known services. */
const EPHEMERAL_FIRST = 32_768;
const EPHEMERAL_PORTS = 65_536 - EPHEMERAL_FIRST;
/** A host of the lab; at about 2 KB each this bounds a flood to a few hundred MB. */
const CONNECTIONS_MAX = 131_072;
/** As many as Linux keeps on a small machine. */
const TIME_WAIT_MAX = 16_384;
/** RFC 1122 section 4.2.2.13 (a): the new initial sequence number is larger than any that the old one used. */
const REUSE_GAP = 65_536 + 1;
