/** Random segments, timers and calls on a connection in each of its states: nothing throws, hangs or breaks. */

import assert from "node:assert/strict";
import { suite, test } from "node:test";
import fc from "fast-check";
import {
  emitTcpHeader,
  TcpFlag,
  TcpHeader,
  tcpHeaderLength,
  tcpPseudoSum,
  writeTcpChecksum,
} from "../../wire/tcp.ts";
import { HEADROOM } from "../transport.ts";
import type { TcpListener } from "./listener.ts";
import type { TcpSocket } from "./socket.ts";
import { nextState, type TcpEvent, type TcpState, TRANSITIONS } from "./state.ts";
import { Pipe } from "./testing/pipe.ts";

/** One TCP whose peer is the test; numbers are relative to both initial sequence numbers. */
class Bench {
  readonly pipe = new Pipe({ intact: false, client: { userTimeoutMs: 20_000, connectTimeoutMs: 20_000 } });
  socket: TcpSocket | undefined;
  listener: TcpListener | undefined;
  localPort = 80;
  localIsn = 0;

  constructor() {
    this.pipe.fault = () => [];
    this.pipe.onSend = ({ header }) => {
      if ((header.flags & TcpFlag.synchronize) !== 0) this.localIsn = header.sequence;
      this.localPort = header.sourcePort;
    };
  }

  connect(): void {
    this.socket = this.pipe.client.tcp.connect(this.pipe.server.address, PEER_PORT);
  }

  listen(): void {
    this.listener = this.pipe.client.tcp.listen(undefined, 80, 4);
  }

  /** Lets the peer send a segment. */
  inject(
    flags: number,
    sequence: number,
    acknowledgment: number,
    length = 0,
    more: Partial<TcpHeader> = {},
  ): void {
    const header = Object.assign(new TcpHeader(), { flags, window: 5000, ...more });
    header.sourcePort = PEER_PORT;
    header.destinationPort = this.localPort;
    header.sequence = (PEER_ISN + sequence) | 0;
    header.acknowledgment = (this.localIsn + acknowledgment) | 0;
    const start = HEADROOM + tcpHeaderLength(header);
    const bytes = new Uint8Array(start + length);
    emitTcpHeader(header, bytes, HEADROOM);
    const { client, server } = this.pipe;
    writeTcpChecksum(bytes, HEADROOM, bytes.length, tcpPseudoSum(server.address.bytes, client.address.bytes));
    const addresses = { source: server.address, destination: client.address };
    client.tcp.handlePacket({
      bytes,
      start: HEADROOM,
      end: bytes.length,
      ttl: 64,
      intact: false,
      drop() {},
      ...addresses,
    });
    this.socket ??= this.listener?.accept();
  }

  get state(): TcpState {
    if (this.socket !== undefined) return this.socket.state;
    return this.pipe.client.tcp.sockets().at(-1)?.state ?? "CLOSED";
  }
}

const { synchronize: SYN, acknowledgment: ACK, finish: FIN } = TcpFlag;
const PEER_ISN = -50;
const PEER_PORT = 9;
/** TCP_RUNS=5000 digs deeper. */
const RUNS = Number(process.env.TCP_RUNS ?? 100);

function establish(bench: Bench): TcpSocket {
  bench.connect();
  bench.inject(SYN | ACK, 0, 1);
  return bench.socket as TcpSocket;
}

/** How each state is reached. */
const WAYS: Readonly<Record<TcpState, (bench: Bench) => void>> = {
  CLOSED: (bench) => establish(bench).abort(),
  LISTEN: (bench) => bench.listen(),
  "SYN-SENT": (bench) => bench.connect(),
  "SYN-RECEIVED": (bench) => {
    bench.listen();
    bench.inject(SYN, 0, 0);
  },
  ESTABLISHED: (bench) => establish(bench),
  "FIN-WAIT-1": (bench) => establish(bench).shutdown(),
  "FIN-WAIT-2": (bench) => {
    establish(bench).shutdown();
    bench.inject(ACK, 1, 2);
  },
  "CLOSE-WAIT": (bench) => {
    establish(bench);
    bench.inject(FIN | ACK, 1, 1);
  },
  CLOSING: (bench) => {
    establish(bench).shutdown();
    bench.inject(FIN | ACK, 1, 1);
  },
  "LAST-ACK": (bench) => {
    establish(bench);
    bench.inject(FIN | ACK, 1, 1);
    bench.socket?.shutdown();
  },
  "TIME-WAIT": (bench) => {
    establish(bench).shutdown();
    bench.inject(FIN | ACK, 1, 2);
  },
};

type Action =
  | { kind: "segment"; flags: number; sequence: number; acknowledgment: number; length: number; more: object }
  | { kind: "garbage"; bytes: Uint8Array }
  | { kind: "wait"; ms: number }
  | { kind: "send"; length: number }
  | { kind: "receive" | "shutdown" | "close" | "abort" };

const near = fc.oneof(fc.integer({ min: -3, max: 30 }), fc.integer({ min: -70_000, max: 70_000 }));
const action: fc.Arbitrary<Action> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant("segment" as const),
      flags: fc.oneof(fc.constantFrom(ACK, ACK | FIN, SYN, SYN | ACK, TcpFlag.reset), fc.nat(255)),
      sequence: near,
      acknowledgment: near,
      length: fc.oneof(fc.constant(0), fc.nat(1500)),
      more: fc.record({
        window: fc.constantFrom(0, 1, 500, 65_535),
        hasTimestamps: fc.boolean(),
        timestampValue: fc.integer(),
        maximumSegmentSize: fc.constantFrom(0, 1, 1460),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant("garbage" as const), bytes: fc.uint8Array({ maxLength: 60 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant("wait" as const), ms: fc.constantFrom(0, 1, 250, 4000) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("send" as const), length: fc.nat(4000) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constantFrom("receive" as const, "shutdown" as const, "close" as const, "abort" as const),
    }),
  },
);

function perform(bench: Bench, step: Action): void {
  const { socket } = bench;
  const { client, server } = bench.pipe;
  if (step.kind === "segment")
    bench.inject(step.flags, step.sequence, step.acknowledgment, step.length, step.more);
  else if (step.kind === "garbage") {
    const addresses = { source: server.address, destination: client.address };
    client.tcp.handlePacket({
      bytes: step.bytes,
      start: 0,
      end: step.bytes.length,
      ttl: 64,
      intact: true,
      drop() {},
      ...addresses,
    });
  } else if (step.kind === "wait") bench.pipe.runFor(step.ms);
  else if (step.kind === "close") socket?.close();
  else if (step.kind === "abort") socket?.abort();
  else if (step.kind === "shutdown") socket?.shutdown();
  else {
    try {
      if (step.kind === "send") socket?.send(new Uint8Array(step.length));
      else socket?.receive(1000);
    } catch (error) {
      assert.equal((error as Error).name, "NetworkError");
    }
  }
}

function checkInvariants(bench: Bench): void {
  for (const row of bench.pipe.client.tcp.sockets()) {
    const { transfer } = row;
    if (transfer === undefined) continue;
    assert.ok(transfer.bytesInFlight >= 0 && transfer.bytesInFlight <= row.sendQueue + 1, "in flight");
    assert.ok(transfer.receiveWindow >= 0 && transfer.receiveWindow <= 262_144 + 8, "receive window");
    assert.ok(row.receiveQueue <= 262_144 + 8, "receive queue");
    assert.ok(transfer.congestionWindow >= 48, "congestion window");
    assert.ok(transfer.retransmissionTimeoutMs >= 1000 && transfer.retransmissionTimeoutMs <= 60_000, "RTO");
  }
}

suite("TCP in each state", () => {
  for (const [state, reach] of Object.entries(WAYS)) {
    test(`${state}: random segments, calls and waits`, () => {
      fc.assert(
        fc.property(fc.array(action, { maxLength: 25 }), (steps) => {
          const bench = new Bench();
          reach(bench);
          assert.equal(bench.state, state);
          for (const step of steps) {
            let inside = true;
            if (bench.socket !== undefined) {
              bench.socket.onChange = () => {
                if (inside) assert.fail("onChange was called from inside a method of the user");
              };
            }
            inside = step.kind !== "segment" && step.kind !== "garbage" && step.kind !== "wait";
            perform(bench, step);
            inside = false;
            checkInvariants(bench);
          }
          // Whatever has happened: without a peer everything ends.
          bench.listener?.close();
          bench.socket?.abort();
          bench.pipe.runUntilIdle(10_000);
          assert.deepEqual(bench.pipe.client.tcp.sockets(), []);
        }),
        { numRuns: RUNS },
      );
    });
  }
});

suite("the table of states", () => {
  test("every state can be reached, and from every state CLOSED", () => {
    const reached = new Set<TcpState>(["CLOSED"]);
    for (const state of reached) for (const next of Object.values(TRANSITIONS[state])) reached.add(next);
    assert.equal(reached.size, 11);
    for (const state of reached) assert.equal(nextState(state, "delete"), "CLOSED");
  });

  test("no other transition is taken", () => {
    assert.throws(
      () => nextState("LISTEN", "receive FIN" satisfies TcpEvent),
      /LISTEN cannot take "receive FIN"/,
    );
  });
});
