/**
 * What `hamlet exec` and the network that is up say to each other: one JSON object per line, on a control socket.
 *
 *     exec  -> {"type":"exec","host":"pc.crepes.fr","words":["dig","hamburger.edu","MX"],"json":false,"colour":true}
 *     up    -> {"type":"print","text":"..."} {"type":"print-error","text":"..."} ...
 *     up    -> {"type":"read-line"}       exec -> {"type":"input","text":"a line typed"} or {"type":"end-of-input"}
 *     up    -> {"type":"exit","status":0}     or     {"type":"failure","message":"there is no host ..."}
 *
 * A line of input is sent only when the command asks for it. Closing the connection cancels the command.
 */

import type { Socket } from "node:net";

export interface ExecRequest {
  readonly type: "exec";
  readonly host: string;
  readonly words: readonly string[];
  readonly json: boolean;
  readonly colour: boolean;
}

export type ClientMessage =
  | ExecRequest
  | { readonly type: "input"; readonly text: string }
  | { readonly type: "end-of-input" };

export type ServerMessage =
  | { readonly type: "print"; readonly text: string }
  | { readonly type: "print-error"; readonly text: string }
  | { readonly type: "read-line" }
  | { readonly type: "exit"; readonly status: number }
  | { readonly type: "failure"; readonly message: string };

export function sendMessage(socket: Socket, message: ClientMessage | ServerMessage): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
}

/** Hands every message of `socket` to `onMessage`; what is no message ends the connection with an error. */
export function receiveMessages<Message>(
  socket: Socket,
  isMessage: (value: unknown) => value is Message,
  onMessage: (message: Message) => void,
): void {
  let text = "";
  socket.setEncoding("utf8");
  socket.on("data", (piece: string) => {
    text += piece;
    const lines = text.split("\n");
    text = lines.pop() as string;
    if (text.length > LINE_MAX) return void socket.destroy(new Error("a message is too long"));
    for (const line of lines) {
      const value = parseJson(line);
      if (!isMessage(value)) return void socket.destroy(new Error("no message of this version of Hamlet"));
      onMessage(value);
    }
  });
}

export function isClientMessage(value: unknown): value is ClientMessage {
  const { type, text, host, words, json, colour } = record(value);
  if (type === "exec") {
    return (
      typeof host === "string" &&
      Array.isArray(words) &&
      words.every((word) => typeof word === "string") &&
      typeof json === "boolean" &&
      typeof colour === "boolean"
    );
  }
  return type === "end-of-input" || (type === "input" && typeof text === "string");
}

export function isServerMessage(value: unknown): value is ServerMessage {
  const { type, text, status, message } = record(value);
  if (type === "print" || type === "print-error") return typeof text === "string";
  if (type === "read-line") return true;
  if (type === "exit") return Number.isInteger(status);
  return type === "failure" && typeof message === "string";
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}

/** A line that is typed or pasted is far shorter; a mail goes line by line. */
const LINE_MAX = 4 * 1024 * 1024;
