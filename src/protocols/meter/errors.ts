/** What can go wrong in a measurement beyond what the network reports. */

import { RemoteError } from "../../net/index.ts";

/** Another test is running; `peer` is the server. */
export function serverBusy(peer: string): RemoteError {
  return new RemoteError("busy", `${peer} is busy: it runs one test at a time`);
}

/** The server gave up with SERVER_ERROR and iperf3's number of the reason. */
export function serverFailed(peer: string, reason: number): RemoteError {
  const known = reason === NOT_IMPLEMENTED ? " (it does not do what was asked)" : "";
  return new RemoteError("server-error", `${peer} gave up with iperf3's error ${reason}${known}`);
}

/** The peer sent what the protocol does not allow here. */
export function outOfTurn(peer: string, what: string): RemoteError {
  return new RemoteError("protocol", `${peer} sent ${what}`);
}

/** What answers is some other server. */
export function notOurProtocol(peer: string): RemoteError {
  return new RemoteError("protocol", `${peer} is no meter: it does not speak iperf3's protocol`);
}

/** iperf3's IEUNIMP. */
export const NOT_IMPLEMENTED = 13;
