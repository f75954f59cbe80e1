/** The socket calls of a conversation: those on the sockets at its two ends, and those of the listening socket. */

import type { Endpoint } from "../net/index.ts";
import type { JournalCall } from "../sim/capture/journal.ts";
import type { Conversation } from "./conversations.ts";
import type { CallEvent, Placed, Side } from "./sequence.ts";

export function callEvents(
  calls: readonly JournalCall[],
  conversation: Conversation,
  hostOf: (address: string) => string | undefined,
): Placed<CallEvent>[] {
  const { protocol, client, server, startNs, endNs } = conversation;
  const own = calls.filter((call) => call.transport === protocol && call.startNs <= endNs + AFTERMATH_NS);
  const sides = [
    [0, client, server],
    [1, server, client],
  ] as const;
  return sides.flatMap(([side, here, there]) => {
    const atHere = own.filter((call) => call.hostName === hostOf(here.address));
    const picked =
      protocol === "udp"
        ? datagramCalls(atHere, here, there, side, conversation)
        : [
            ...connectionCalls(atHere, here, there, startNs, endNs),
            ...(side === 1 ? listenerCalls(atHere, here, there, conversation) : []),
          ];
    const isLook = (call: JournalCall): boolean => wasOnlyLook(call, picked);
    return picked.filter((call) => !isLook(call)).flatMap((call) => eventsOf(call, side));
  });
}

/** Everything that was done to the socket that has both ends, from before it had them. */
function connectionCalls(
  calls: readonly JournalCall[],
  here: Endpoint,
  there: Endpoint,
  startNs: number,
  endNs: number,
): JournalCall[] {
  const isOwn = ({ local, remote }: JournalCall): boolean => isSame(local, here) && isSame(remote, there);
  const ids = new Set(calls.filter(isOwn).map(({ socketId }) => socketId));
  // The same two ends may have been connected before and afterwards.
  for (const id of [...ids]) {
    const all = calls.filter(({ socketId }) => socketId === id);
    const last = Math.max(...all.map((call) => call.endNs ?? Number.POSITIVE_INFINITY));
    if (all[0].startNs > endNs || last < startNs) ids.delete(id);
  }
  return calls.filter(({ socketId }) => ids.has(socketId));
}

/** How the listening socket was made, and the call that accepted this connection; without one, that it was closed. */
function listenerCalls(
  calls: readonly JournalCall[],
  here: Endpoint,
  there: Endpoint,
  { startNs, endNs }: Conversation,
): JournalCall[] {
  const listening = calls.filter((call) => call.call === "listen" && call.startNs <= startNs);
  const listener = listening.findLast(({ local }) => local?.port === here.port)?.socketId;
  const all = calls.filter(({ socketId }) => socketId === listener);
  const accept = all.find((call) => {
    return call.call === "accept" && isSame(call.remote, there) && (call.endNs ?? 0) >= startNs;
  });
  return all.filter((call) => {
    if (call.call === "accept") return call === accept;
    // What was accepted lives on without it; a connection that is refused shows why.
    return call.call !== "close" || (accept === undefined && call.startNs <= endNs);
  });
}

function datagramCalls(
  calls: readonly JournalCall[],
  here: Endpoint,
  there: Endpoint,
  side: Side,
  { startNs, endNs }: Conversation,
): JournalCall[] {
  const binds = calls.filter(({ call, local, startNs: at }) => {
    return call === "bind" && local?.port === here.port && at <= startNs;
  });
  const socket = binds.at(-1)?.socketId;
  return calls.filter((call) => {
    if (call.socketId !== socket) return false;
    if (call.remote !== undefined) return isSame(call.remote, there);
    if (side === 0 || call.call === "socket" || call.call === "bind") return true;
    // A server waits for others, too: only what overlaps this conversation belongs to it, or ended it beforehand.
    const isBefore = call.startNs < startNs && call.call !== "close";
    return !isBefore && call.startNs <= endNs && call.endNs !== undefined;
  });
}

/** A read that never returned and was followed by others: the program only asked whether something was there. */
function wasOnlyLook(call: JournalCall, calls: readonly JournalCall[]): boolean {
  if (call.call !== "read" || call.endNs !== undefined) return false;
  return calls.some((other) => other.socketId === call.socketId && other.startOrder > call.startOrder);
}

function eventsOf(call: JournalCall, side: Side): Placed<CallEvent>[] {
  const common = { kind: "call", side, callId: call.id, call: call.call } as const;
  const begin = { ...common, timeNs: call.startNs, text: callText(call) };
  if (call.endNs === undefined || call.endOrder === undefined)
    return [{ order: call.startOrder, event: { ...begin, role: "begin" } }];
  const result = resultText(call);
  if (call.endNs === call.startNs) {
    const text = result === undefined ? begin.text : `${begin.text} ${result}`;
    return [{ order: call.startOrder, event: { ...begin, text, role: "once" } }];
  }
  const end = { ...common, timeNs: call.endNs, text: `${call.call}() ${result ?? "returns"}` };
  return [
    { order: call.startOrder, event: { ...begin, role: "begin" } },
    { order: call.endOrder, event: { ...end, role: "return" } },
  ];
}

/** "connect(port 25)": whose port it is says the other lifeline. */
function callText(call: JournalCall): string {
  switch (call.call) {
    case "socket":
      return `socket(${call.transport.toUpperCase()})`;
    case "bind":
      return `bind(port ${call.local?.port ?? 0})`;
    case "listen":
      return `listen(${call.backlog ?? ""})`;
    case "connect":
      return `connect(port ${call.remote?.port ?? 0})`;
    case "write":
    case "sendto":
      return `${call.call}(${call.octets ?? 0})`;
    default:
      return `${call.call}()`;
  }
}

/** What it gave back, where that says something: "= 21". */
function resultText({ call, error, octets }: JournalCall): string | undefined {
  if (error !== undefined) return `= ${error}`;
  if (call === "read") return octets === 0 ? "= 0 (EOF)" : `= ${octets}`;
  if (call === "recvfrom") return `= ${octets}`;
  return undefined;
}

function isSame(a: Endpoint | undefined, b: Endpoint): boolean {
  return a !== undefined && a.port === b.port && a.address === b.address;
}

/** Sockets are closed after their last packet, too. */
const AFTERMATH_NS = 60e9;
