/**
 * A run of the simulator whose capture has everything that a foreign program should read: see pcapng.test.ts.
 */

import { fromByteString, type Task } from "../../src/net/index.ts";
import {
  Capture,
  type CaptureContents,
  type CapturedPacket,
  hostNamesOf,
} from "../../src/sim/capture/index.ts";
import { type SimHost, World } from "../../src/sim/index.ts";

export interface TownCapture extends CaptureContents {
  readonly packets: readonly CapturedPacket[];
}

/** Mail over a line that loses packets, DNS, echo and errors of both families, fragments; always the same. */
export function runTown(): TownCapture {
  const world = new World({ seed: 7 });
  const pc = world.addHost("crepes.fr");
  const router = world.addRouter("r1");
  const mail = world.addHost("mail.hamburger.edu");
  world.connect(
    pc.addInterface({ addresses: ["10.1.0.25/24", "2001:db8:1::25/64"] }),
    router.addInterface({ addresses: ["10.1.0.1/24", "2001:db8:1::1/64"] }),
    { delayMs: 2, bandwidthBps: 1e8 },
  );
  world.connect(
    router.addInterface({ addresses: ["10.2.0.1/24", "2001:db8:2::1/64"] }),
    mail.addInterface({ addresses: ["10.2.0.25/24", "2001:db8:2::25/64"] }),
    { delayMs: 10, bandwidthBps: 1e7, queuePackets: 20, loss: 0.03 },
  );
  world.computeRoutes();
  const nameOf = (id: number): string => `${world.interfaces[id].hostName} ${world.interfaces[id].name}`;
  const recorder = new Capture({ interfaceName: nameOf });
  world.addTap(recorder);
  world.spawn("mail server", receiveMail(mail));
  world.spawn("name server", answerNames(mail));
  world.run(talk(pc), { maxNs: 600e9 });
  world.runUntilIdle({ maxNs: world.nowNs + 60e9 });
  const { startUnixMs, interfaces } = world;
  const packets = [...recorder.packets()];
  return { startUnixMs, interfaces, hostNames: hostNamesOf(interfaces), packets, lostCount: 0 };
}

function* talk(pc: SimHost): Task {
  yield* sendMail(pc, "10.2.0.25");
  yield* sendMail(pc, "2001:db8:2::25");
  const socket = yield* pc.network.bind({ port: 0 });
  for (const address of ["10.2.0.25", "2001:db8:2::25"]) {
    socket.send(fromByteString(QUERY), { address, port: 53 });
    yield* socket.receive(1000);
  }
  socket.close();
  for (const address of ["10.2.0.25", "2001:db8:2::25"]) {
    for (const [size, ttl] of [
      [56, 64],
      [56, 1],
      [3000, 64],
    ]) {
      const options = { sequence: ttl, payload: new Uint8Array(size).fill(97), timeoutMs: 1000, ttl };
      for (let tries = 0; tries < 3; tries++) yield* mayFail(pc.network.pinger!.ping(address, options));
    }
  }
}

/** A loss on the way is part of the run. */
function* mayFail(task: Task<unknown>): Task {
  try {
    yield* task;
  } catch (error) {
    if ((error as { code?: string }).code !== "timed-out") throw error;
  }
}

function* sendMail(pc: SimHost, address: string): Task {
  const connection = yield* pc.network.connect(address, 25, { timeoutMs: 60_000 });
  const limits = { max: 1000, timeoutMs: 120_000 };
  yield* connection.readLine(limits);
  for (const command of [
    "EHLO crepes.fr",
    "MAIL FROM:<alice@crepes.fr>",
    "RCPT TO:<bob@hamburger.edu>",
    "DATA",
  ]) {
    yield* connection.write(`${command}\r\n`, WRITE_MS);
    yield* connection.readLine(limits);
  }
  const body = "Do you like ketchup? How about pickles?\r\n".repeat(4000);
  yield* connection.write(`Subject: hello\r\n\r\n${body}.\r\n`, WRITE_MS);
  yield* connection.readLine(limits);
  yield* connection.write("QUIT\r\n", WRITE_MS);
  yield* connection.readLine(limits);
  connection.close();
}

function* receiveMail(host: SimHost): Task {
  const listener = yield* host.network.listen({ port: 25 });
  for (;;) {
    const connection = yield* listener.accept();
    const say = (text: string): Task => connection.write(`${text}\r\n`, WRITE_MS);
    yield* say("220 hamburger.edu SMTP");
    for (let isContent = false; ; ) {
      const line = yield* connection.readLine({ max: 1000, timeoutMs: 120_000 });
      if (line === null || line === "QUIT") break;
      if (isContent && line !== ".") continue;
      isContent = line === "DATA";
      yield* say(isContent ? "354 go ahead" : "250 fine");
    }
    yield* say("221 closing");
    connection.close();
  }
}

function* answerNames(host: SimHost): Task {
  const socket = yield* host.network.bind({ port: 53 });
  for (;;) {
    const datagram = yield* socket.receive(3_600_000);
    if (datagram === undefined) return;
    socket.send(fromByteString(ANSWER), datagram.from);
  }
}

const NAME = "\x09hamburger\x03edu\x00";
const QUERY = `\x1a\x2b\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00${NAME}\x00\x0f\x00\x01`;
const ANSWER =
  `\x1a\x2b\x85\x80\x00\x01\x00\x01\x00\x00\x00\x01${NAME}\x00\x0f\x00\x01` +
  "\xc0\x0c\x00\x0f\x00\x01\x00\x00\x0e\x10\x00\x09\x00\x0a\x04mail\xc0\x0c" +
  "\xc0\x2d\x00\x01\x00\x01\x00\x00\x0e\x10\x00\x04\x0a\x02\x00\x19";

/** The run is bounded by its losses, so a write that waits longer hangs. */
const WRITE_MS = 120_000;
