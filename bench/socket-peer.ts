/**
 * One side of a measurement of bench/socket.ts, on Hamlet's own network (or, `dgram`, on bare node:dgram).
 *
 *     socket-peer.ts serve|sink|ask PORT|blast PORT|tcp-sink|tcp-send PORT  SECONDS SIZE
 *     socket-peer.ts meter-serve|meter-ask PORT  SECONDS SIZE tcp|udp
 *
 * A server prints its port first; who measures prints one number last.
 */

import { createSocket } from "node:dgram";
import { type Connection, suspend, type Task } from "../src/net/index.ts";
import { OsNetwork } from "../src/os/index.ts";
import { runMeter, startMeterServer } from "../src/protocols/meter/index.ts";

const [what, ...rest] = process.argv.slice(2);
const port = /serve$|sink$|^dgram$/.test(what) ? 0 : Number(rest.shift());
const seconds = Number(rest[0] ?? 1);
const size = Number(rest[1] ?? 2);
const to = { address: "127.0.0.1", port };
const os = new OsNetwork({ fastUdp: "auto" });
const { clock } = os;

const roles: Readonly<Record<string, () => Task>> = {
  serve,
  ask,
  sink,
  blast,
  "tcp-sink": tcpSink,
  "tcp-send": tcpSend,
  "meter-serve": meterServe,
  "meter-ask": meterAsk,
};
if (what === "dgram") serveBare();
else {
  await os.run(roles[what]());
  await os.close();
}

function* serve(): Task {
  const socket = yield* os.bind({ address: "127.0.0.1", port: 0 });
  console.log(socket.local.port);
  for (;;) {
    const datagram = yield* socket.receive(Number.POSITIVE_INFINITY);
    if (datagram !== undefined) socket.send(datagram.bytes, datagram.from);
  }
}

function* ask(): Task {
  const socket = yield* os.bind({ port: 0, peer: to });
  const request = new Uint8Array(size);
  const beganNs = clock.nowNs();
  let trips = 0;
  while (clock.nowNs() - beganNs < seconds * 1e9) {
    socket.send(request, to);
    if ((yield* socket.receive(200)) !== undefined) trips++;
  }
  console.log(Math.round((trips * 1e9) / (clock.nowNs() - beganNs)));
  socket.close();
}

function* sink(): Task {
  const socket = yield* os.bind({ address: "127.0.0.1", port: 0 });
  console.log(socket.local.port);
  const first = yield* socket.receive(5000);
  const beganNs = clock.nowNs();
  let bits = 8 * (first?.bytes.length ?? 0);
  while (clock.nowNs() - beganNs < seconds * 1e9) {
    bits += 8 * ((yield* socket.receive(200))?.bytes.length ?? 0);
  }
  console.log(Math.round((bits * 1e9) / (clock.nowNs() - beganNs)));
  socket.close();
}

/** As the meter does, without its headers and its counting. */
function* blast(): Task {
  const socket = yield* os.bind({ port: 0, peer: to });
  const block = new Uint8Array(size);
  const endNs = clock.nowNs() + seconds * 1e9;
  while (clock.nowNs() < endNs) {
    const room = yield* socket.room(size, to);
    for (let sent = 0; sent < room; sent++) socket.send(block, to);
  }
  socket.close();
}

function* meterServe(): Task {
  const server = yield* startMeterServer(os, { address: "127.0.0.1", port: 0 });
  console.log(server.local.port);
  yield* suspend<void>(() => () => {});
}

/** The whole of `hamlet meter --tcp`, or of `--udp --rate 0`; what the server received. */
function* meterAsk(): Task {
  const protocol = rest[2] === "tcp" ? "tcp" : "udp";
  const stream = { size, octets: 0, rateBps: 0, parallel: 1, reverse: false };
  const parameters = { ...stream, protocol, durationMs: seconds * 1000 } as const;
  const options = { parameters, timeoutMs: 10_000, intervalMs: 1000 };
  console.log(Math.round((yield* runMeter(os, to.address, port, options)).received.bitsPerSecond / 1e6));
}

function* tcpSink(): Task {
  const listener = yield* os.listen({ address: "127.0.0.1", port: 0 });
  console.log(listener.local.port);
  const connection: Connection = yield* listener.accept();
  listener.close();
  const beganNs = clock.nowNs();
  let bits = 0;
  for (;;) {
    const bytes = yield* connection.read(1 << 20, 10_000);
    if (bytes === null) break;
    bits += 8 * bytes.length;
  }
  console.log(Math.round((bits * 1e9) / (clock.nowNs() - beganNs)));
  connection.close();
}

function* tcpSend(): Task {
  const connection = yield* os.connect(to.address, to.port, { timeoutMs: 1000 });
  const block = new Uint8Array(size);
  const endNs = clock.nowNs() + seconds * 1e9;
  while (clock.nowNs() < endNs) yield* connection.write(block, 10_000);
  connection.close();
}

function serveBare(): void {
  const socket = createSocket({
    type: "udp4",
    lookup: (address, _options, callback) => callback(null, address, 4),
  });
  socket.on("message", (bytes, from) => socket.send(bytes, from.port, from.address));
  socket.bind(0, "127.0.0.1", () => console.log(socket.address().port));
}
