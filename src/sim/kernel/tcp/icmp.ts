/** ICMP errors about our segments: RFC 1122 section 4.2.3.9, with the cautions of RFC 5927. */

import type { TransportErrorReport } from "../transport.ts";
import type { TcpConnection } from "./connection.ts";
import { updateSegmentSize } from "./negotiation.ts";
import { transmit } from "./output.ts";
import { isBefore } from "./sequence.ts";

export function handleIcmpError(
  connection: TcpConnection,
  kind: TransportErrorReport["kind"],
  sequence: number,
): void {
  // RFC 5927 section 4.1: it must be about something that is outstanding, or anybody could have made it up.
  if (isBefore(sequence, connection.sendUnacknowledged) || !isBefore(sequence, connection.sendHighest))
    return;
  if (kind === "packet-too-big") {
    handlePacketTooBig(connection);
    return;
  }
  const opening =
    connection.state === "SYN-SENT" ||
    (connection.state === "SYN-RECEIVED" && connection.listener === undefined);
  // Hard for who is still connecting (RFC 5461 section 4.1); a soft error for what stands already (RFC 5927 section 5.2).
  if (!opening || kind === "time-exceeded") connection.softError = kind.replaceAll("-", " ");
  else if (kind === "port-unreachable")
    connection.fail("refused", "refused the connection (port unreachable)");
  else connection.fail("unreachable", `cannot be reached (${kind.replaceAll("-", " ")})`);
}

/** RFC 1191 section 6.4: smaller segments, and at once what was too big; that is no congestion. */
function handlePacketTooBig(connection: TcpConnection): void {
  const before = connection.maximumSegmentSize;
  updateSegmentSize(connection);
  if (connection.maximumSegmentSize >= before) return;
  connection.sendNext = connection.sendUnacknowledged;
  connection.timedAtNs = Number.NaN;
  connection.inflation = 0;
  connection.recovery = "none";
  transmit(connection);
}
