/**
 * Runs a transcript: a script that plays the peer and the application of one TCP, and says what it must send and
 * when. The README of this folder's parent explains the language; `../transcripts/` holds the scripts.
 */

import assert from "node:assert/strict";
import type { NetworkError } from "../../../../net/index.ts";
import {
  emitTcpHeader,
  TcpFlag,
  type TcpHeader,
  tcpHeaderLength,
  tcpPseudoSum,
  writeTcpChecksum,
} from "../../../wire/tcp.ts";
import { HEADROOM, type TransportErrorReport } from "../../transport.ts";
import type { TcpListener } from "../listener.ts";
import type { TcpOptions } from "../options.ts";
import type { TcpSocketSnapshot } from "../snapshot.ts";
import type { TcpSocket } from "../socket.ts";
import { type Crossing, Pipe } from "./pipe.ts";
import { formatSegment, parseSegmentText, type SegmentText, toHeader } from "./segment-text.ts";

/** Runs `script`; throws an error that names the line and shows what was sent instead. */
export function runTranscript(script: string): void {
  const run = new Transcript();
  script.split("\n").forEach((line, index) => {
    const text = line.replace(/#.*$/, "").trim();
    if (text === "") return;
    try {
      run.line(text);
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      throw new Error(`line ${index + 1}: ${text}\n  ${problem}\n${run.history()}`, { cause: error });
    }
  });
  run.end();
}

interface Sent {
  readonly atNs: number;
  readonly header: TcpHeader;
  readonly reason: string | undefined;
  readonly bytes: Uint8Array;
}

class Transcript {
  #options: Partial<TcpOptions> = {};
  #mtu = 1500;
  #pipe: Pipe | undefined;
  #listener: TcpListener | undefined;
  #socket: TcpSocket | undefined;
  #sent: Sent[] = [];
  #log: string[] = [];
  /** Why segments that were injected were dropped. */
  readonly #drops: string[] = [];
  #localPort = LISTEN_PORT;
  #peerPort = PEER_PORT;
  /** Whether connections are accepted as they come. */
  #accepts = true;
  #localIsn: number | undefined;
  #timestampBase: number | undefined;
  #written = 0;
  #read = 0;

  line(text: string): void {
    const match = /^(?:(\*|\+?\d+(?:\.\d+)?) )?(.*)$/.exec(text) as RegExpExecArray;
    const [, time, rest] = match;
    if (time !== undefined && time !== "*") this.#advance(time, rest.startsWith(">"));
    if (rest.startsWith("<!")) this.#inject(parseSegmentText(rest.slice(2)), 1);
    else if (rest.startsWith("<")) this.#inject(parseSegmentText(rest.slice(1)));
    else if (rest.startsWith(">")) this.#expectSegment(parseSegmentText(rest.slice(1)), time === "*");
    else this.#command(rest.split(/\s+/));
  }

  end(): void {
    if (this.#pipe !== undefined) this.#expectSilence();
  }

  history(): string {
    const waiting = this.#sent.map((sent) => `  not expected: ${this.#format(sent)}`);
    return [...this.#log.slice(-8).map((line) => `  before: ${line}`), ...waiting].join("\n");
  }

  /** The host under test; made by the first line that needs it, so that options can come before. */
  get #world(): Pipe {
    if (this.#pipe === undefined) {
      this.#pipe = new Pipe({ client: this.#options, mtu: this.#mtu });
      this.#pipe.onSend = (crossing) => this.#capture(crossing);
      this.#pipe.fault = () => [];
    }
    return this.#pipe;
  }

  #capture(crossing: Crossing): void {
    const { header, reason, bytes, atNs } = crossing;
    if ((header.flags & TcpFlag.synchronize) !== 0) this.#localIsn = header.sequence;
    if (header.hasTimestamps) this.#timestampBase ??= (header.timestampValue - Math.floor(atNs / 1e6)) | 0;
    this.#localPort = header.sourcePort;
    this.#sent.push({ atNs, header, reason, bytes });
  }

  #advance(time: string, sendsThen: boolean): void {
    const pipe = this.#world;
    const seconds = Number(time);
    const ns = Math.round(seconds * 1e9) + (time.startsWith("+") ? pipe.schedule.nowNs : 0);
    assert.ok(ns >= pipe.schedule.nowNs, `${time} is in the past: it is ${pipe.schedule.nowNs / 1e9} s`);
    // What is sent before this instant, or in it before a command, must have been expected.
    if (ns > pipe.schedule.nowNs) {
      pipe.runUntil(pipe.schedule.nowNs);
      this.#expectSilence();
      while ((pipe.schedule.nextAtNs ?? Number.POSITIVE_INFINITY) < ns) {
        pipe.schedule.step();
        this.#expectSilence();
      }
      pipe.schedule.advanceTo(ns);
    }
    if (!sendsThen && ns === pipe.schedule.nowNs) pipe.runUntil(ns);
  }

  #inject(text: SegmentText, checksumError = 0): void {
    this.#expectSilence();
    const { client, server } = this.#world;
    const header = toHeader(text, PEER_ISN, this.#localIsn ?? 0, this.#timestampBase ?? 0);
    header.sourcePort = this.#peerPort;
    header.destinationPort = this.#localPort;
    const length = tcpHeaderLength(header);
    const bytes = new Uint8Array(HEADROOM + length + text.length);
    emitTcpHeader(header, bytes, HEADROOM);
    for (let i = 0; i < text.length; i++) bytes[HEADROOM + length + i] = octetAt(text.sequence - 1 + i);
    const pseudo = tcpPseudoSum(server.address.bytes, client.address.bytes);
    writeTcpChecksum(bytes, HEADROOM, bytes.length, pseudo + checksumError);
    this.#note("<", header);
    const drop = (reason: string): unknown => this.#drops.push(reason);
    const packet = { bytes, start: HEADROOM, end: bytes.length, ttl: 64, intact: false, drop };
    client.tcp.handlePacket({ ...packet, source: server.address, destination: client.address });
    this.#accept();
  }

  #accept(): void {
    if (this.#accepts) this.#socket ??= this.#listener?.accept();
  }

  #expectSegment(text: SegmentText, anyTime: boolean): void {
    const { schedule } = this.#world;
    if (anyTime) for (let i = 0; this.#sent.length === 0 && i < STEPS_MAX && schedule.step(); i++);
    else this.#world.runUntil(schedule.nowNs);
    const sent = this.#sent.shift();
    assert.ok(sent !== undefined, "nothing was sent");
    const found = this.#format(sent);
    this.#log.push(found);
    assert.equal(sent.atNs, schedule.nowNs, `it was sent before: ${found}`);
    const { header, reason } = sent;
    const expected = toHeader(text, this.#localIsn ?? 0, PEER_ISN, 0);
    const fail = (what: string): never => assert.fail(`another ${what} was sent: ${found}`);
    if (header.flags !== expected.flags) fail("set of flags");
    if (header.sequence !== expected.sequence && (header.flags & TcpFlag.reset) === 0)
      fail("sequence number");
    if (header.dataLength !== text.length) fail("length");
    if (text.acknowledgment !== undefined && header.acknowledgment !== expected.acknowledgment) fail("ack");
    if (text.window !== undefined && header.window !== text.window) fail("window");
    if (text.reason !== undefined && !(reason ?? "").includes(text.reason)) fail(`reason ("${reason}")`);
    if (text.hasOptions && formatOptions(header) !== formatOptions(expected, text)) fail("set of options");
    if (text.timestamps?.echo !== undefined && header.timestampEcho !== text.timestamps.echo)
      fail("timestamp echo");
    for (let i = 0; i < header.dataLength; i++) {
      const offset = ((header.sequence - (this.#localIsn ?? 0)) | 0) - 1 + i;
      if (sent.bytes[HEADROOM + tcpHeaderLength(header) + i] !== octetAt(offset)) fail("content");
    }
    this.#accept();
  }

  #command(words: string[]): void {
    const [name, ...rest] = words;
    const command = this.#commands[name];
    if (command === undefined) throw new SyntaxError(`"${name}" is no command`);
    if (name !== "option" && name !== "mtu") this.#expectSilence();
    command(rest);
    if (this.#pipe !== undefined) this.#log.push(words.join(" "));
  }

  readonly #commands: Readonly<Record<string, (words: string[]) => void>> = {
    option: ([name, value]) => {
      this.#options = { ...this.#options, [name]: JSON.parse(value) };
    },
    mtu: ([octets]) => {
      this.#mtu = Number(octets);
      if (this.#pipe !== undefined) this.#pipe.client.mtu = this.#mtu;
    },
    connect: () => {
      const { client, server } = this.#world;
      this.#socket = client.tcp.connect(server.address, PEER_PORT);
    },
    peer: ([port]) => {
      this.#peerPort = Number(port);
    },
    accept: () => {
      this.#socket = this.#listener?.accept();
    },
    listen: ([backlog, hold]) => {
      this.#accepts = hold !== "hold";
      this.#listener = this.#world.client.tcp.listen(undefined, LISTEN_PORT, Number(backlog ?? 8));
    },
    write: ([octets, , taken]) => {
      const bytes = Uint8Array.from({ length: Number(octets) }, (_, i) => octetAt(this.#written + i));
      const count = this.#tcpSocket.send(bytes);
      this.#written += count;
      assert.equal(count, Number(taken ?? octets), `${count} octets were taken`);
    },
    read: ([what, code]) => {
      if (what === "error") assert.throws(() => this.#tcpSocket.receive(1), { code });
      else if (what === "eof") assert.equal(this.#tcpSocket.receive(1), null);
      else if (what === "nothing") assert.equal(this.#tcpSocket.receive(1), undefined);
      else this.#readOctets(Number(what));
    },
    shutdown: () => this.#tcpSocket.shutdown(),
    close: () => this.#tcpSocket.close(),
    abort: () => this.#tcpSocket.abort(),
    "close-listener": () => this.#listener?.close(),
    silence: () => this.#expectSilence(),
    icmp: ([kind, sequence]) => {
      const { client, server } = this.#world;
      const header = new Uint8Array(8);
      const view = new DataView(header.buffer);
      view.setUint16(0, this.#localPort);
      view.setUint16(2, this.#peerPort);
      view.setInt32(4, ((this.#localIsn ?? 0) + Number(sequence)) | 0);
      client.tcp.handleError({
        kind: kind as TransportErrorReport["kind"],
        source: client.address,
        destination: server.address,
        header,
        mtu: undefined,
      });
    },
    expect: (words) => this.#expectValue(words),
  };

  #readOctets(count: number): void {
    for (let left = count; left > 0; ) {
      const bytes = this.#tcpSocket.receive(left);
      assert.ok(bytes instanceof Uint8Array, `${count - left} octets could be read`);
      for (const octet of bytes) assert.equal(octet, octetAt(this.#read++), "another content was read");
      left -= bytes.length;
    }
  }

  #expectValue([what, ...rest]: string[]): void {
    const expected = rest.join(" ");
    const socket = this.#socket;
    let found: string;
    if (what === "state") found = socket?.state ?? this.#snapshot()?.state ?? "CLOSED";
    else if (what === "established") found = String(this.#tcpSocket.established);
    else if (what === "error") found = (this.#tcpSocket.failure as NetworkError | undefined)?.code ?? "none";
    else if (what === "message") found = this.#tcpSocket.failure?.message ?? "none";
    else if (what === "unsent") found = String(this.#tcpSocket.unsentBytes);
    else if (what === "sockets") found = String(this.#world.client.tcp.sockets().length);
    else if (what === "drops") found = [this.#drops.length, ...this.#drops].join(" ");
    else if (what === "bad-checksums") found = String(this.#world.client.tcp.counters.badChecksums);
    else if (what === "waiting") found = String(this.#listener?.waitingCount);
    else if (what === "pending") found = String(this.#world.schedule.pending);
    else found = String(VALUES[what]?.(this.#snapshot() as TcpSocketSnapshot));
    assert.equal(found, expected, `${what} is ${found}`);
  }

  get #tcpSocket(): TcpSocket {
    this.#accept();
    assert.ok(this.#socket !== undefined, "there is no connection");
    return this.#socket;
  }

  #snapshot(): TcpSocketSnapshot | undefined {
    return this.#world.client.tcp.sockets().find((row) => row.state !== "LISTEN");
  }

  #expectSilence(): void {
    if (this.#sent.length > 0) assert.fail(`this was sent and not expected: ${this.#format(this.#sent[0])}`);
  }

  #note(arrow: string, header: TcpHeader): void {
    const text = formatSegment(header, PEER_ISN, this.#localIsn ?? 0, 0);
    this.#log.push(`${(this.#world.schedule.nowNs / 1e9).toFixed(3)} ${arrow} ${text}`);
  }

  #format({ atNs, header, reason }: Sent): string {
    const text = formatSegment(header, this.#localIsn ?? 0, PEER_ISN, this.#timestampBase ?? 0);
    return `${(atNs / 1e9).toFixed(3)} > ${text}${reason === undefined ? "" : ` "${reason}"`}`;
  }
}

/** The options, with timestamps only by their presence: their values are compared one by one. */
function formatOptions(header: TcpHeader, text?: SegmentText): string {
  const edges = Array.from(header.sackEdges.subarray(0, 2 * header.sackCount), (edge) => edge >>> 0);
  const scale = text === undefined ? header.windowScale : (text.windowScale ?? -1);
  return [header.maximumSegmentSize, scale, header.sackPermitted, header.hasTimestamps, ...edges].join();
}

/** The octet at an offset of either stream: a content in which every misplacement shows. */
function octetAt(offset: number): number {
  return (offset ^ (offset >> 8) ^ (offset >> 16)) & 0xff;
}

const VALUES: Readonly<Record<string, (row: TcpSocketSnapshot) => unknown>> = {
  cwnd: (row) => Math.floor(row.transfer?.congestionWindow ?? 0),
  ssthresh: (row) => Math.floor(row.transfer?.slowStartThreshold ?? 0),
  inflight: (row) => row.transfer?.bytesInFlight,
  recovery: (row) => row.transfer?.recovery,
  rto: (row) => row.transfer?.retransmissionTimeoutMs,
  srtt: (row) => row.transfer?.smoothedRoundTripMs,
  mss: (row) => row.transfer?.maximumSegmentSize,
  window: (row) => row.transfer?.sendWindow,
};

/** Just below where 32 bits wrap round, so that every transcript crosses it. */
const PEER_ISN = -300;
const PEER_PORT = 9;
const LISTEN_PORT = 80;
const STEPS_MAX = 10_000;
