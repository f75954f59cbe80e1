/** The operating system's error codes as NetworkErrors that say what happened to whom. */

import { NetworkError, type NetworkErrorCode } from "../net/index.ts";

/** What was being done when the operating system said no: each sentence names the other side or the port. */
export type Attempt = "connect" | "talk" | "listen" | "resolve";

/**
 * The error of a system call as a NetworkError. `subject` is whom it happened to: "mail.example.org:25" for
 * `connect` and `talk`, "port 25 of [::]" for `listen`, the name for `resolve`.
 */
export function networkErrorOf(error: unknown, attempt: Attempt, subject: string): NetworkError {
  if (error instanceof NetworkError) return error;
  const systemCode = systemCodeOf(error);
  const known = SYSTEM_ERRORS[systemCode ?? ""];
  if (known !== undefined) return new NetworkError(known[0], known[1](subject, attempt), { cause: error });
  const detail = systemCode ?? (error instanceof Error ? error.message : String(error));
  return new NetworkError("failed", `${subject}: ${attempt} failed (${detail})`, { cause: error });
}

/** "ECONNREFUSED", "ENOTFOUND", ... of an error that Node made. */
export function systemCodeOf(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

type Sentence = (subject: string, attempt: Attempt) => string;

const unreachable: Sentence = (subject) => `${subject} is unreachable from this machine`;
const permission: Sentence = (subject, attempt) =>
  attempt === "listen"
    ? `${subject} needs a permission that this process does not have (ports below 1024 often do)`
    : `this machine does not permit traffic to ${subject}`;
const reset: Sentence = (subject) => `${subject} reset the connection`;
const tooMany: Sentence = (subject) => `${subject}: this process has too many sockets open`;

const SYSTEM_ERRORS: Readonly<Record<string, readonly [NetworkErrorCode, Sentence]>> = {
  ECONNREFUSED: ["refused", (subject) => `${subject} refused the connection`],
  ECONNRESET: ["reset", reset],
  EPIPE: ["reset", reset],
  ECONNABORTED: ["reset", reset],
  ETIMEDOUT: ["timed-out", (subject) => `${subject} did not answer`],
  EADDRINUSE: ["address-in-use", (subject) => `${subject} is in use by another program`],
  EADDRNOTAVAIL: [
    "address-not-available",
    (subject, attempt) =>
      attempt === "listen"
        ? `${subject}: this machine has no such address`
        : `this machine has no address from which ${subject} can be reached`,
  ],
  ENODEV: ["address-not-available", (subject) => `${subject}: this machine has no such interface`],
  EAFNOSUPPORT: [
    "address-not-available",
    (subject) => `${subject}: this machine does not have that kind of address`,
  ],
  EACCES: ["permission", permission],
  EPERM: ["permission", permission],
  EHOSTUNREACH: ["unreachable", unreachable],
  ENETUNREACH: ["unreachable", unreachable],
  EHOSTDOWN: ["unreachable", unreachable],
  ENETDOWN: ["unreachable", unreachable],
  EMSGSIZE: ["message-too-large", (subject) => `the datagram to ${subject} is too large`],
  EMFILE: ["too-many", tooMany],
  ENFILE: ["too-many", tooMany],
  ENOBUFS: ["too-many", tooMany],
  ENOTFOUND: ["name-not-found", (subject) => `there is no host named "${subject}"`],
  ENODATA: ["name-not-found", (subject) => `"${subject}" has no address of that kind`],
  EAI_AGAIN: ["name-server-failed", (subject) => `no name server answered the question for "${subject}"`],
  EAI_FAIL: ["name-server-failed", (subject) => `the name server failed on "${subject}"`],
};
