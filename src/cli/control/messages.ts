/**
 * What `hamlet exec` and the network that is up say to each other: one JSON object per line, on a control socket.
 *
 *     exec  -> {"type":"exec","host":"pc.crepes.fr","words":["dig","hamburger.edu","MX"],"json":false,"colour":true}
 *     up    -> {"type":"print","text":"..."} {"type":"print-error","text":"..."} ...
 *     up    -> {"type":"read-line"}       exec -> {"type":"input","text":"a line typed"} or {"type":"end-of-input"}
 *     exec  -> {"type":"cancel"}
 *     up    -> {"type":"exit","status":0}     or     {"type":"failure","message":"there is no host ..."}
 *
 * A line of input is sent only when the command asks for it. A command that is cancelled still says its last words; closing
 * the connection cancels it without them. What is no message of the other side's, or too long, or does not come in time, is
 * answered with a failure and ends it, too.
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
  | { readonly type: "end-of-input" }
  | { readonly type: "cancel" };

export type ServerMessage =
  | { readonly type: "print"; readonly text: string }
  | { readonly type: "print-error"; readonly text: string }
  | { readonly type: "read-line" }
  | { readonly type: "exit"; readonly status: number }
  | { readonly type: "failure"; readonly message: string };

export function sendMessage(socket: Socket, message: ClientMessage | ServerMessage): void {
  if (!socket.destroyed) socket.write(`${JSON.stringify(message)}\n`);
}

/** What is done with what comes in. */
export interface Receiver<Message> {
  isMessage(value: unknown): value is Message;
  /** Characters of a message, at the most; asked again for each. */
  lengthMax(): number;
  onMessage(message: Message): void;
  /** Something came that is no message; called once, and nothing more is received. */
  onNonsense(problem: string): void;
}

/** Hands every message of `socket` to the receiver. */
export function receiveMessages<Message>(socket: Socket, receiver: Receiver<Message>): void {
  let begun = "";
  const refuse = (problem: string): void => {
    begun = "";
    socket.off("data", receive);
    // What still comes is read and forgotten, for an answer to arrive at somebody who writes first.
    socket.resume();
    receiver.onNonsense(problem);
  };
  const receive = (piece: string): void => {
    const [end, ...rest] = piece.split("\n");
    begun += end;
    for (const next of rest) {
      if (begun.length > receiver.lengthMax()) break;
      const value = parseJson(begun);
      if (!receiver.isMessage(value)) {
        refuse("that is no message of this version of Hamlet");
        return;
      }
      begun = next;
      receiver.onMessage(value);
    }
    const lengthMax = receiver.lengthMax();
    if (begun.length > lengthMax) refuse(`a message is longer than ${lengthMax} characters`);
  };
  socket.setEncoding("utf8");
  socket.on("data", receive);
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
  return type === "end-of-input" || type === "cancel" || (type === "input" && typeof text === "string");
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

/** A command line; those of Linux are a little longer, and nobody types them. */
export const REQUEST_LENGTH_MAX = 64 * 1024;
/** A line of input: far longer than what is typed or pasted; a mail goes line by line. */
export const LINE_LENGTH_MAX = 1024 * 1024;
/** A piece of what a command prints: a whole capture as JSON, at the most. */
export const OUTPUT_LENGTH_MAX = 64 * 1024 * 1024;
