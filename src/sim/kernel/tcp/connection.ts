/**
 * A connection's control block (the TCB of RFC 9293 section 3.3.1) and what the application can do with it. What
 * happens to it is written elsewhere, by concern: `input.ts` for segments that arrive, `output.ts` for those that
 * leave, `recovery.ts` for losses, `timeouts.ts` for timers. Names are the RFC's, spelled out.
 *
 * What must stay true: sendUnacknowledged <= sendNext <= sendHighest; the send buffer begins at `dataStart`; the
 * user is told (`tellUser`) only when no method of the user is running.
 */

import { formatEndpoint, NetworkError } from "../../../net/index.ts";
import { type TcpHeader, tcpPseudoSum } from "../../wire/tcp.ts";
import type { IpAddress } from "../ip-address.ts";
import { type IpLayer, PROTOCOL_TCP, type TransportHeader } from "../transport.ts";
import { Assembler } from "./assembler.ts";
import { type CongestionControl, createCongestionControl } from "./congestion/index.ts";
import type { TcpListener } from "./listener.ts";
import { negotiate, receiveWindowShift, segmentSizeFor } from "./negotiation.ts";
import type { TcpOptions } from "./options.ts";
import { type Arena, ReceiveQueue } from "./receive-queue.ts";
import { RoundTrip } from "./retransmission.ts";
import { Scoreboard } from "./scoreboard.ts";
import { sendAcknowledgment, sendSynchronize } from "./segments.ts";
import { SendBuffer } from "./send-buffer.ts";
import { distance } from "./sequence.ts";
import { TcpSocket } from "./socket.ts";
import { nextState, type TcpEvent, type TcpState } from "./state.ts";
import { handleTimeout } from "./timeouts.ts";
import { Timer, Timers } from "./timers.ts";

/** What a connection asks of its layer. */
export interface ConnectionOwner {
  readonly ip: IpLayer;
  readonly arena: Arena;
  /** Calls `acknowledgeNow` when this instant is over. */
  acknowledgeSoon(connection: TcpConnection): void;
  handleTimeWait(connection: TcpConnection): void;
  handleClosed(connection: TcpConnection): void;
}

/** Whether an ACK is owed: not; within the delay; when this instant is over. */
export type AcknowledgmentDue = "no" | "delayed" | "soon";

export class TcpConnection {
  readonly owner: ConnectionOwner;
  readonly ip: IpLayer;
  readonly options: TcpOptions;
  readonly local: IpAddress;
  readonly localPort: number;
  readonly remote: IpAddress;
  readonly remotePort: number;
  /** Where it came from, when it was opened passively. */
  readonly listener: TcpListener | undefined;
  readonly socket: TcpSocket;
  readonly timers: Timers;
  /** The layer's chain of connections with the same two ports. */
  nextInChain: TcpConnection | undefined;
  state: TcpState = "CLOSED";

  // What we send.
  initialSendSequence = 0;
  sendUnacknowledged = 0;
  /** The next number to send; pulled back to `sendUnacknowledged` by a retransmission timeout. */
  sendNext = 0;
  /** One beyond the highest number that was ever sent: SND.NXT as RFC 9293 compares ACKs with it. */
  sendHighest = 0;
  /** SND.WND in octets, the largest ever, and SND.WL1, SND.WL2. */
  sendWindow = 0;
  sendWindowMax = 0;
  sendWindowSequence = 0;
  sendWindowAcknowledgment = 0;
  sendWindowShift = 0;
  /** The number of the send buffer's first octet. */
  dataStart = 0;
  readonly sendBuffer: SendBuffer;
  /** A FIN is to be sent after the last octet of the send buffer (or was). */
  finishQueued = false;
  /** `send` has taken less than it was given: the user waits for room. */
  sendBlocked = false;
  lastSentAtNs = Number.NEGATIVE_INFINITY;

  // What we receive.
  initialReceiveSequence = 0;
  receiveNext = 0;
  /** The right edge of the window as the peer knows it. */
  receiveEdge = 0;
  receiveWindowShift = 0;
  readonly received: ReceiveQueue;
  assembler: Assembler | undefined;
  /** Where the peer's FIN stands, once it is known: it may come before its turn. */
  finishKnown = false;
  finishSequence = 0;
  finishReceived = false;
  acknowledgmentDue: AcknowledgmentDue = "no";
  acknowledgmentReason: string | undefined;
  /** Segments since the last ACK that we sent. */
  segmentsUnacknowledged = 0;
  lastReceivedAtNs = 0;

  // What was agreed in the handshake.
  /** Octets of data that fit into a segment, both ends and the path considered, options of every segment deducted. */
  maximumSegmentSize: number;
  peerMaximumSegmentSize: number;
  sackOn = false;
  timestampsOn = false;
  /** TS.Recent and when it was set; Last.ACK.sent (RFC 7323 section 4.3). */
  recentTimestamp = 0;
  recentTimestampAtNs = 0;
  lastAcknowledgmentSent = 0;
  /** RFC 7323 section 5.4: each connection's clock starts somewhere else. */
  readonly timestampOffset: number;

  // Time, congestion, loss.
  readonly roundTrip: RoundTrip;
  /** The one segment that is being timed (RFC 6298 section 3): where it ends and when it was sent; NaN: none is. */
  timedSequence = 0;
  timedAtNs = Number.NaN;
  readonly congestion: CongestionControl;
  recovery: "none" | "fast" | "timeout" = "none";
  /** Recovery ends when this is acknowledged: `recover` of RFC 6582, RecoveryPoint of RFC 6675. */
  recoverSequence = 0;
  /** What fast recovery without SACK, or limited transmit, adds to the congestion window for now. */
  inflation = 0;
  duplicateAcknowledgments = 0;
  partialAcknowledgments = 0;
  scoreboard: Scoreboard | undefined;
  /** HighRxt and RescueRxt of RFC 6675 section 5.1. */
  retransmittedSequence = 0;
  rescued = false;
  /** Retransmission timeouts since something new was acknowledged. */
  timeouts = 0;
  /** Window probes since the window was last open; keep-alives since something was last received. */
  windowProbes = 0;
  keepAliveProbes = 0;
  /** When something was last acknowledged, or sent when nothing was outstanding. */
  progressAtNs = 0;
  /** RFC 1122 section 4.2.3.9: an ICMP error that does not break the connection, to be told if it breaks later. */
  softError: string | undefined;

  // What the user knows.
  wasEstablished = false;
  /** The user has called `close` or `abort`: there is nobody to read. */
  abandoned = false;
  failure: NetworkError | undefined;
  #untold = false;
  #outcomeTold = false;

  // Sent with every segment, made once.
  readonly pseudoSum: number;
  header: TransportHeader;

  // Counters for the console.
  segmentsSent = 0;
  segmentsReceived = 0;
  segmentsRetransmitted = 0;
  challenges = 0;
  challengesSinceNs = Number.NEGATIVE_INFINITY;

  constructor(
    owner: ConnectionOwner,
    local: IpAddress,
    localPort: number,
    remote: IpAddress,
    remotePort: number,
    options: TcpOptions,
    listener?: TcpListener,
  ) {
    this.owner = owner;
    this.ip = owner.ip;
    this.local = local;
    this.localPort = localPort;
    this.remote = remote;
    this.remotePort = remotePort;
    this.options = options;
    this.listener = listener;
    this.timers = new Timers(this.ip.schedule, (timer) => handleTimeout(this, timer));
    this.received = new ReceiveQueue(owner.arena);
    this.sendBuffer = new SendBuffer(options.sendBufferBytes);
    this.receiveWindowShift = receiveWindowShift(options);
    this.peerMaximumSegmentSize = remote.family === 4 ? 536 : 1220;
    this.maximumSegmentSize = segmentSizeFor(this);
    this.timestampOffset = this.ip.random.uint32() | 0;
    this.roundTrip = new RoundTrip(options);
    this.congestion = createCongestionControl(options, this.maximumSegmentSize);
    this.pseudoSum = tcpPseudoSum(local.bytes, remote.bytes);
    this.header = {
      source: local,
      destination: remote,
      protocol: PROTOCOL_TCP,
      reason: undefined,
      // RFC 1191: the network must tell when a segment is too big, not cut it.
      mayFragment: false,
    };
    this.socket = new TcpSocket(this);
  }

  /** Active open: RFC 9293 section 3.10.1. */
  open(initialSequence: number): void {
    this.#begin(initialSequence, "active open");
    sendSynchronize(this, undefined);
  }

  /** A SYN has come to a listener: RFC 9293 section 3.10.7.2. */
  openPassive(initialSequence: number, syn: TcpHeader): void {
    this.#begin(initialSequence, "passive open");
    negotiate(this, syn);
    this.move("receive SYN");
    sendSynchronize(this, undefined);
  }

  #begin(initialSequence: number, event: TcpEvent): void {
    this.initialSendSequence = initialSequence;
    this.sendUnacknowledged = initialSequence;
    this.sendNext = initialSequence;
    this.sendHighest = initialSequence;
    this.dataStart = (initialSequence + 1) | 0;
    this.recoverSequence = initialSequence;
    this.progressAtNs = this.ip.schedule.nowNs;
    this.move(event);
  }

  // ---- What the other parts ask and do.

  /** Octets that the peer has not acknowledged. */
  get unsentBytes(): number {
    return this.sendBuffer.length;
  }

  /** FlightSize: octets sent and not acknowledged. */
  get bytesInFlight(): number {
    return distance(this.sendUnacknowledged, this.sendNext);
  }

  /** The number behind the last octet of the send buffer: that of the FIN. */
  get dataEnd(): number {
    return (this.dataStart + this.sendBuffer.length) | 0;
  }

  /** RCV.WND: what the peer may still send. */
  get offeredWindow(): number {
    return distance(this.receiveNext, this.receiveEdge);
  }

  move(event: TcpEvent): void {
    this.state = nextState(this.state, event);
  }

  /** The handshake is complete. */
  establish(event: "receive SYN,ACK" | "receive ACK of SYN"): void {
    this.move(event);
    this.wasEstablished = true;
    this.roundTrip.handleHandshake();
    this.lastReceivedAtNs = this.ip.schedule.nowNs;
    if (this.options.keepAlive !== undefined)
      this.timers.start(Timer.keepAlive, this.options.keepAlive.idleMs * 1e6);
    if (this.finishQueued) this.move("finish");
    this.noteChange();
    this.listener?.handleEstablished(this);
  }

  /** Enters CLOSED: by the protocol's rules (`error` undefined) or because it broke. `silently`: the user is gone. */
  delete(error: NetworkError | undefined, silently = false, event: TcpEvent = "delete"): void {
    if (this.state === "CLOSED") return;
    this.move(event);
    this.failure = error;
    this.timers.stopAll();
    this.sendBuffer.drop(this.sendBuffer.length);
    this.assembler = undefined;
    this.scoreboard = undefined;
    this.listener?.handleClosed(this);
    this.owner.handleClosed(this);
    if (!silently) this.noteChange();
  }

  /** Breaks the connection with an error that names the peer. */
  fail(code: "refused" | "reset" | "timed-out" | "unreachable", what: string): void {
    this.delete(new NetworkError(code, `${formatEndpoint(this.socket.remote)} ${what}`));
  }

  /** The assembler, made when it is needed first. */
  ensureAssembler(): Assembler {
    this.assembler ??= new Assembler();
    return this.assembler;
  }

  ensureScoreboard(): Scoreboard {
    this.scoreboard ??= new Scoreboard();
    return this.scoreboard;
  }

  /** For the layer: the instant is over in which an ACK became due. */
  acknowledgeNow(): void {
    if (this.acknowledgmentDue === "soon" && this.state !== "CLOSED")
      sendAcknowledgment(this, this.acknowledgmentReason);
  }

  /** `receive` or `send` may answer differently now. */
  noteChange(): void {
    this.#untold = true;
  }

  /** Tells the user what has changed. Called last, when a packet or a timer has been handled. */
  tellUser(): void {
    if (!this.#untold) return;
    this.#untold = false;
    if (!this.#outcomeTold && (this.wasEstablished || this.state === "CLOSED")) {
      this.#outcomeTold = true;
      if (this.wasEstablished) this.socket.onEstablished();
      else if (this.failure !== undefined) this.socket.onFailure(this.failure);
    }
    this.socket.onChange();
  }

  /** After a method of the user: somebody else may be waiting for this socket. */
  tellUserSoon(): void {
    this.#untold = true;
    this.ip.schedule.after(0, () => this.tellUser());
  }
}
