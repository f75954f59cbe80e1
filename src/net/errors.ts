/**
 * The three kinds of failure that code above the network can see.
 * `message` is one line for a person; `code` is for programs; `cause` keeps what lies beneath.
 * A broken invariant of our own is none of these: it is an assertion (a plain Error).
 */

/** What every expected failure has in common. The command line prints `message` and no stack. */
export abstract class HamletError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.name = new.target.name;
  }
}

/** What went wrong between two hosts. The names follow the errors of sockets. */
export type NetworkErrorCode =
  | "refused"
  | "reset"
  | "timed-out"
  | "name-not-found"
  | "name-server-failed"
  | "address-in-use"
  | "address-not-available"
  | "permission"
  | "unreachable"
  | "message-too-large"
  | "too-many"
  | "closed"
  | "cancelled"
  | "failed";

/** The network could not do it: refused, reset, timed out, name not found ... */
export class NetworkError extends HamletError {
  declare readonly code: NetworkErrorCode;

  constructor(code: NetworkErrorCode, message: string, options?: ErrorOptions) {
    super(code, message, options);
  }
}

/** We, or whoever called us, asked for something that the protocol does not allow. */
export class LocalError extends HamletError {}

/**
 * The peer broke the protocol or answered "no". `reply` is what it said, as it said it;
 * what the log sees (`message`) may say more, and is one line that steers no terminal.
 */
export class RemoteError extends HamletError {
  readonly reply: string | undefined;

  constructor(code: string, message: string, options?: ErrorOptions & { reply?: string }) {
    super(code, harmless(message), options);
    this.reply = options?.reply;
  }
}

/** What others wrote goes into logs and onto terminals: it must not steer them, nor fill them. */
function harmless(message: string): string {
  const line = message.trimEnd().replace(/\p{Cc}/gu, "\u00b7");
  return line.length <= MESSAGE_MAX ? line : `${line.slice(0, MESSAGE_MAX)}…`;
}

/** The error's own sentence, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Some lines on a screen. */
const MESSAGE_MAX = 500;
