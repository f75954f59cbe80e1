/**
 * `node bench/mail.ts [ROUNDS]`: Hamlet's mail servers and clients beside Postfix's smtp-source and smtp-sink, in one run
 * on the loopback. smtp-sink keeps nothing of what it is sent; Hamlet's server keeps it in memory, or syncs each letter
 * to the disk before it says 250.
 */

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Contender, type Contest, freePort, installed, runContest, script, start } from "./contest.ts";

/** So many letters, over so many connections at once. */
interface Load {
  readonly sessions: number;
  readonly count: number;
  readonly size: number;
}

/** What takes letters at a port, until it is stopped. */
interface Server {
  readonly smtpPort: string;
  readonly pop3Port?: string;
  stop(): Promise<void>;
}

const rounds = Number(process.argv[2] ?? 5);
const node = [process.execPath, script("./mail-peer.ts")];
// Both print how they are called and fail, which is how they are found.
const postfix = installed("postconf", ["mail_version"], "postfix");

const small = { size: 1000, count: 1000 };
await runContest(letters("letters of 1 kB over one connection", { ...small, sessions: 1 }), rounds);
await runContest(letters("letters of 1 kB over 10 connections", { ...small, sessions: 10 }), rounds);
await runContest(
  letters("letters of 15 MB over one connection", { sessions: 1, count: 5, size: 15e6 }),
  rounds,
);
await runContest(retrieval({ sessions: 1, count: 5, size: 15e6 }), rounds);

function letters(title: string, load: Load): Contest {
  return {
    title,
    unit: load.size < 1e6 ? "per second" : "MB/s",
    contenders: [
      postfix ? pair("smtp-sink, smtp-source", sink, source, load) : undefined,
      postfix ? pair("smtp-sink, Hamlet client", sink, hamletClient, load) : undefined,
      postfix ? pair("Hamlet in memory, smtp-source", () => hamlet("memory"), source, load) : undefined,
      pair("Hamlet in memory, Hamlet client", () => hamlet("memory"), hamletClient, load),
      postfix ? pair("Hamlet on disk, smtp-source", () => hamlet("disk"), source, load) : undefined,
    ],
    bars: [],
  };
}

function retrieval(load: Load): Contest {
  const measured = (kind: "memory" | "disk"): Contender => ({
    name: `Hamlet in ${kind === "memory" ? "memory" : "a database"}, both ends`,
    async measure() {
      const server = await hamlet(kind);
      await hamletClient(server.smtpPort, load);
      const fetching = start([...node, "fetch", server.pop3Port as string]);
      const figure = Number(await fetching.line()) / 1e6;
      await fetching.ended;
      await server.stop();
      return figure;
    },
  });
  return {
    title: "letters of 15 MB by POP3",
    unit: "MB/s",
    contenders: [measured("memory"), measured("disk")],
    bars: [],
  };
}

function pair(
  name: string,
  serve: () => Promise<Server>,
  send: (port: string, load: Load) => Promise<number>,
  load: Load,
): Contender {
  return {
    name,
    async measure() {
      const server = await serve();
      const figure = await send(server.smtpPort, load);
      await server.stop();
      return load.size < 1e6 ? figure : (figure * load.size) / 1e6;
    },
  };
}

async function hamlet(kind: "memory" | "disk"): Promise<Server> {
  const folder = mkdtempSync(join(tmpdir(), "hamlet-bench-"));
  const serving = start([...node, "serve", kind === "memory" ? kind : folder]);
  const [smtpPort, pop3Port] = [await serving.line(), await serving.line()];
  return {
    smtpPort,
    pop3Port,
    async stop() {
      serving.stop();
      await serving.ended;
      rmSync(folder, { recursive: true });
    },
  };
}

async function sink(): Promise<Server> {
  const port = String(freePort());
  const user = process.getuid?.() === 0 ? ["-u", "nobody"] : [];
  const serving = start(["smtp-sink", ...user, `127.0.0.1:${port}`, "100"]);
  while (!(await isListening(Number(port)))) await sleep(20);
  return {
    smtpPort: port,
    async stop() {
      serving.stop();
      await serving.ended;
    },
  };
}

async function hamletClient(port: string, { sessions, count, size }: Load): Promise<number> {
  const sending = start([...node, "send", port, String(sessions), String(count), String(size)]);
  const figure = Number(await sending.line());
  await sending.ended;
  return figure;
}

/** It says nothing of the time it took; it starts within a hundredth of a second. */
async function source(port: string, { sessions, count, size }: Load): Promise<number> {
  const words = ["-d", "-s", String(sessions), "-m", String(count), "-l", String(size)];
  const addresses = ["-f", "alice@crepes.fr", "-t", "bob@hamburger.edu", `127.0.0.1:${port}`];
  const beganMs = performance.now();
  const { status, stderr } = spawnSync("smtp-source", [...words, ...addresses], { encoding: "utf8" });
  if (status !== 0) throw new Error(`smtp-source said: ${stderr}`);
  return (count * 1000) / (performance.now() - beganMs);
}

function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, "127.0.0.1");
    socket.once("connect", () => {
      socket.destroy();
      resolve(true);
    });
    socket.once("error", () => resolve(false));
  });
}
