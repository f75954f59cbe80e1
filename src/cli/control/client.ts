/** The side of `hamlet exec`: hands a command to the network that is up and passes input and output through. */

import { connect, type Socket } from "node:net";
import { LocalError, NetworkError, RemoteError } from "../../net/index.ts";
import type { ProgramContext } from "../program.ts";
import { programCall } from "../program-call.ts";
import {
  type ExecRequest,
  isServerMessage,
  OUTPUT_LENGTH_MAX,
  receiveMessages,
  type ServerMessage,
  sendMessage,
} from "./messages.ts";

/** Runs a command there; its exit status. Throws when no network is up at `path`, or it knows no such host. */
export async function execAt(path: string, request: ExecRequest, context: ProgramContext): Promise<number> {
  const { terminal, interrupt } = context;
  const socket = await connectTo(path, programCall(terminal.environment));
  sendMessage(socket, request);
  let lastWords: NodeJS.Timeout | undefined;
  const forget = interrupt.onInterrupt(() => {
    sendMessage(socket, { type: "cancel" });
    lastWords = setTimeout(() => socket.destroy(), LAST_WORDS_MS);
  });
  try {
    return await new Promise<number>((resolve, reject) => {
      const onMessage = (message: ServerMessage): void => {
        if (message.type === "print") terminal.print(message.text);
        else if (message.type === "print-error") terminal.printError(message.text);
        else if (message.type === "read-line") terminal.input.read((line) => answerRead(socket, line));
        else if (interrupt.reason !== undefined) resolve(interrupt.reason.exitStatus);
        else if (message.type === "exit") resolve(message.status);
        else reject(new LocalError("exec-failed", message.message));
      };
      receiveMessages(socket, {
        isMessage: isServerMessage,
        lengthMax: () => OUTPUT_LENGTH_MAX,
        onMessage,
        onNonsense: (problem) => reject(new RemoteError("no-hamlet", `the network at ${path}: ${problem}`)),
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
    clearTimeout(lastWords);
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

/** A network whose time is paused lets no command say anything. */
const LAST_WORDS_MS = 1000;
