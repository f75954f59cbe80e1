/**
 * The connection states of RFC 9293 section 3.3.2 and every way between them, in one table. The figure in the
 * README is drawn from it, and no other transition can happen: `nextState` refuses it.
 */

export type TcpState =
  | "CLOSED"
  | "LISTEN"
  | "SYN-SENT"
  | "SYN-RECEIVED"
  | "ESTABLISHED"
  | "FIN-WAIT-1"
  | "FIN-WAIT-2"
  | "CLOSE-WAIT"
  | "CLOSING"
  | "LAST-ACK"
  | "TIME-WAIT";

/** What moves a connection on. `finish` is RFC 9293's CLOSE call; `delete` is any end without ceremony. */
export type TcpEvent =
  | "passive open"
  | "active open"
  | "receive SYN"
  | "receive SYN,ACK"
  | "receive ACK of SYN"
  | "finish"
  | "receive FIN"
  | "receive ACK of FIN"
  | "2MSL timeout"
  | "delete";

export const TRANSITIONS: Readonly<Record<TcpState, Partial<Record<TcpEvent, TcpState>>>> = {
  CLOSED: { "passive open": "LISTEN", "active open": "SYN-SENT", delete: "CLOSED" },
  LISTEN: { "receive SYN": "SYN-RECEIVED", delete: "CLOSED" },
  "SYN-SENT": { "receive SYN": "SYN-RECEIVED", "receive SYN,ACK": "ESTABLISHED", delete: "CLOSED" },
  "SYN-RECEIVED": { "receive ACK of SYN": "ESTABLISHED", delete: "CLOSED" },
  ESTABLISHED: { finish: "FIN-WAIT-1", "receive FIN": "CLOSE-WAIT", delete: "CLOSED" },
  "FIN-WAIT-1": { "receive FIN": "CLOSING", "receive ACK of FIN": "FIN-WAIT-2", delete: "CLOSED" },
  "FIN-WAIT-2": { "receive FIN": "TIME-WAIT", delete: "CLOSED" },
  "CLOSE-WAIT": { finish: "LAST-ACK", delete: "CLOSED" },
  CLOSING: { "receive ACK of FIN": "TIME-WAIT", delete: "CLOSED" },
  "LAST-ACK": { "receive ACK of FIN": "CLOSED", delete: "CLOSED" },
  "TIME-WAIT": { "2MSL timeout": "CLOSED", delete: "CLOSED" },
};

export function nextState(state: TcpState, event: TcpEvent): TcpState {
  const next = TRANSITIONS[state][event];
  if (next === undefined) throw new Error(`TCP in state ${state} cannot take "${event}"`);
  return next;
}

/** Whether the peer may still send us octets: it has not ended its stream. */
export function mayReceive(state: TcpState): boolean {
  return state === "ESTABLISHED" || state === "FIN-WAIT-1" || state === "FIN-WAIT-2";
}

/** Whether octets and a FIN of ours may be on the wire or still have to go there. */
export function maySend(state: TcpState): boolean {
  switch (state) {
    case "ESTABLISHED":
    case "CLOSE-WAIT":
    case "FIN-WAIT-1":
    case "CLOSING":
    case "LAST-ACK":
      return true;
    default:
      return false;
  }
}
