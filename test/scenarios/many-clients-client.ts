/**
 * The clients of many-clients.test.ts, in a process of their own because each end needs a descriptor:
 * `many-clients-client.ts PORT COUNT`. Opens COUNT connections, has each of them echoed three times while all are
 * open, and prints what became of them as JSON.
 */

import { connect, type Socket } from "node:net";

/** Not all at once: a listener's backlog holds 128. */
const BATCH = 50;

const [port, count] = process.argv.slice(2).map(Number);
const errors: string[] = [];
const sockets: Socket[] = [];
let right = 0;

for (let first = 0; first < count; first += BATCH) {
  const batch = Array.from({ length: Math.min(BATCH, count - first) }, open);
  const opened = (await Promise.all(batch)).filter((socket) => socket !== undefined);
  // An echo shows that the server has accepted it.
  await echoAll(opened, first);
  sockets.push(...opened);
}
await echoAll(sockets, 0);
await echoAll(sockets, 0);
for (const socket of sockets) socket.end();
process.stdout.write(JSON.stringify({ open: sockets.length, right, errors: errors.slice(0, 5) }));

async function echoAll(some: readonly Socket[], first: number): Promise<void> {
  await Promise.all(some.map((socket, index) => echoed(socket, `client ${first + index}\r\n`)));
}

function open(): Promise<Socket | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.once("connect", () => resolve(socket));
    socket.on("error", (error) => {
      errors.push(error.message);
      resolve(undefined);
    });
  });
}

function echoed(socket: Socket, line: string): Promise<void> {
  return new Promise((resolve) => {
    let answer = "";
    const take = (bytes: Buffer): void => {
      answer += bytes.toString("latin1");
      if (answer.length < line.length) return;
      socket.off("data", take);
      if (answer === line) right++;
      else errors.push(`"${answer}" came back for "${line}"`);
      resolve();
    };
    socket.on("data", take);
    socket.once("close", () => resolve());
    socket.write(line);
  });
}
