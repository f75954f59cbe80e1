/** The side of `hamlet exec`: hands a command to the network that is up and passes input and output through. */

import { connect, type Socket } from "node:net";
import { LocalError, NetworkError } from "../../net/index.ts";
import type { ProgramContext } from "../program.ts";
import { programCall } from "../program-call.ts";
import { type ExecRequest, isServerMessage, receiveMessages, sendMessage } from "./messages.ts";

/** Runs a command there; its exit status. Throws when no network is up at `path`, or it knows no such host. */
export async function execAt(path: string, request: ExecRequest, context: ProgramContext): Promise<number> {
  const { terminal, interrupt } = context;
  const socket = await connectTo(path, programCall(terminal.environment));
  sendMessage(socket, request);
  const forget = interrupt.onInterrupt(() => socket.destroy());
  try {
    return await new Promise<number>((resolve, reject) => {
      receiveMessages(socket, isServerMessage, (message) => {
        switch (message.type) {
          case "print":
            return terminal.print(message.text);
          case "print-error":
            return terminal.printError(message.text);
          case "read-line":
            return void terminal.input.read((line) => answerRead(socket, line));
          case "exit":
            return resolve(message.status);
          case "failure":
            return reject(new LocalError("exec-failed", message.message));
        }
      });
      socket.on("error", (error) =>
        reject(new NetworkError("reset", `the network at ${path}: ${error.message}`)),
      );
      socket.on("close", () => {
        if (interrupt.reason !== undefined) resolve(interrupt.reason.exitStatus);
        else reject(new NetworkError("reset", "the network went down while the command ran"));
      });
    });
  } finally {
    forget();
    socket.destroy();
  }
}

function answerRead(socket: Socket, line: string | null): void {
  sendMessage(socket, line === null ? { type: "end-of-input" } : { type: "input", text: line });
}

function connectTo(path: string, call: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ path });
    socket.once("connect", () => resolve(socket));
    socket.once("error", (error: NodeJS.ErrnoException) => {
      reject(new NetworkError("refused", unreachable(path, error.code, call), { cause: error }));
    });
  });
}

function unreachable(path: string, code: string | undefined, call: string): string {
  switch (code) {
    case "ENOENT":
    case "ECONNREFUSED":
    case "ENOTSOCK":
    case "ENOTDIR":
      return `no network is up at ${path}: start one with "${call} up" in another terminal`;
    case "EACCES":
    case "EPERM":
      return `the network at ${path} is another user's: only who started it may type there`;
    default:
      return `the network at ${path} cannot be reached (${code})`;
  }
}
