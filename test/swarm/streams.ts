/** The two ends of a swarm's TCP transfer. Each octet follows from its place, so a wrong one shows at once. */

import { messageOf, type Network, NetworkError, sleep, type Task } from "../../src/net/index.ts";
import type { StreamPlan } from "./plan.ts";

export interface StreamRecord {
  readonly plan: StreamPlan;
  readonly seed: number;
  /** Octets that arrived, all of them right but for `mistakeAt`. */
  received: number;
  mistakeAt: number | undefined;
  /** The end of the stream arrived after all of its octets. */
  complete: boolean;
  /** The last thing that went wrong. */
  remark: string;
}

export function* sendStream(network: Network, address: string, record: StreamRecord): Task {
  const { port, octets } = record.plan;
  for (let attempt = 0; attempt < CONNECT_ATTEMPTS; attempt++) {
    try {
      const connection = yield* network.connect(address, port, { timeoutMs: PATIENCE_MS });
      const bytes = Uint8Array.from({ length: octets }, (_, i) => octetAt(record.seed, i));
      yield* connection.write(bytes, PATIENCE_MS);
      yield* connection.finish(PATIENCE_MS);
      return;
    } catch (error) {
      record.remark = `sender: ${messageOf(error)}`;
      // A router that knows no way now may know one later; what has begun must come through by itself.
      if (!(error instanceof NetworkError && CONNECT_AGAIN.has(error.code)) || record.received > 0) return;
    }
    yield* sleep(network.clock, CONNECT_WAIT_MS);
  }
}

export function* receiveStream(network: Network, record: StreamRecord): Task {
  const listener = yield* network.listen({ port: record.plan.port });
  try {
    const connection = yield* listener.accept();
    for (;;) {
      const bytes = yield* connection.read(64 * 1024, Number.POSITIVE_INFINITY);
      if (bytes === null) break;
      for (const octet of bytes) {
        if (octet !== octetAt(record.seed, record.received)) record.mistakeAt ??= record.received;
        record.received++;
      }
    }
    record.complete = record.received === record.plan.octets;
    connection.close();
  } catch (error) {
    record.remark = `receiver: ${messageOf(error)}`;
  } finally {
    listener.close();
  }
}

function octetAt(seed: number, index: number): number {
  return (Math.imul(index + seed, 2654435761) >>> 13) & 0xff;
}

const CONNECT_AGAIN = new Set(["unreachable", "timed-out"]);
const CONNECT_ATTEMPTS = 20;
const CONNECT_WAIT_MS = 5_000;
/** Longer than the chaos and every wait of TCP after it. */
const PATIENCE_MS = 30 * 60_000;
