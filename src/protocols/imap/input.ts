/** Reads commands with their literals: RFC 9051 section 2.2.1 and 4.3, RFC 7888. Read first: `readCommand`. */

import { type Connection, RemoteError, type Task } from "../../net/index.ts";
import { tagOf } from "./command.ts";
import type { CommandPieces } from "./parse.ts";

export interface InputLimits {
  /** Octets of all literals of one command. */
  readonly literalsMax: number;
  /** The same for APPEND: a message, or several. */
  readonly messagesMax: number;
  readonly timeoutMs: number;
  /** LITERAL+: literals that do not wait for our word. */
  readonly takesUnasked: boolean;
}

/** A command whose literal was refused before it was sent: nothing of it has come. */
export interface RefusedLiteral {
  readonly tag: string | undefined;
  readonly octets: number;
}

/**
 * The next command; null at the end of the stream. Throws RemoteError: "line-too-long", "literal-too-large" (one that
 * is on its way already), "unexpected-end".
 */
export function* readCommand(
  connection: Connection,
  limits: InputLimits,
): Task<CommandPieces | RefusedLiteral | null> {
  const pieces: (string | Uint8Array)[] = [];
  let octets = 0;
  for (;;) {
    const line = yield* connection.readLine({
      max: LINE_MAX - octets,
      timeoutMs: limits.timeoutMs,
      bareLf: true,
    });
    if (line === null) return null;
    octets += line.length;
    const marker = (limits.takesUnasked ? MARKER : WAITING_MARKER).exec(line);
    pieces.push(marker === null ? line : line.slice(0, marker.index));
    if (marker === null) return pieces;
    const length = Number(marker[1]);
    const max = isAppend(pieces) ? limits.messagesMax : limits.literalsMax;
    if (pieces.reduce((sum, piece) => sum + (typeof piece === "string" ? 0 : piece.length), length) > max) {
      if (marker[2] === "") return { tag: tagOf(pieces), octets: length };
      throw new RemoteError("literal-too-large", `the client sends a literal of ${length} octets`);
    }
    // RFC 7888 section 3: who says "+" does not wait.
    if (marker[2] === "") yield* connection.write("+ go on\r\n", limits.timeoutMs);
    pieces.push(yield* connection.readExactly(length, LITERAL_TIMEOUT_MS));
  }
}

function isAppend(pieces: CommandPieces): boolean {
  return /^[^ ]+ +APPEND /i.test(pieces[0] as string);
}

const MARKER = /~?\{(\d{1,10})(\+?)\}$/;
const WAITING_MARKER = /~?\{(\d{1,10})()\}$/;
/** Of one command, without its literals. RFC 7162 section 4 wants 8,192; sets of message numbers grow longer. */
const LINE_MAX = 64 * 1024;
/** For each piece of a literal: a client that has begun goes on. */
const LITERAL_TIMEOUT_MS = 5 * 60_000;
