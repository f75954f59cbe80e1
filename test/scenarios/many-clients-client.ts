/**
 * The clients of many-clients.test.ts, in a process of their own because each end needs a descriptor:
 * `many-clients-client.ts PORT COUNT`. Opens COUNT connections at the same moment, has each of them echo three lines
 * while all are open, and prints what became of them as JSON.
 */

import { connect, type Socket } from "node:net";

const ROUNDS = 3;
const [port, count] = process.argv.slice(2).map(Number);
const errors: string[] = [];
let right = 0;

const opened = await Promise.all(Array.from({ length: count }, open));
const sockets = opened.filter((socket) => socket !== undefined);
for (let round = 0; round < ROUNDS; round++) await echoAll();
for (const socket of sockets) socket.end();
process.stdout.write(JSON.stringify({ open: sockets.length, right, errors: errors.slice(0, 5) }));

async function echoAll(): Promise<void> {
  await Promise.all(sockets.map((socket, index) => echoed(socket, `client ${index}\r\n`)));
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
