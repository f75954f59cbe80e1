/** Measures how fast one long transfer is: octets delivered per second of virtual time. */

import { SeededRandom } from "../../../random.ts";
import type { TcpOptions } from "../options.ts";
import { LOST, PASS, Pipe } from "./pipe.ts";

export interface GoodputOptions {
  /** Both hosts. */
  readonly tcp: Partial<TcpOptions>;
  readonly roundTripMs: number;
  /** The part of the data segments that is lost, at random. */
  readonly loss: number;
  readonly seed: number;
  /** Left out at the beginning, then measured. */
  readonly warmUpSeconds: number;
  readonly seconds: number;
}

export interface Goodput {
  readonly bytesPerSecond: number;
  /** Of all data segments sent: what was lost on the way. */
  readonly lossSeen: number;
  readonly timeouts: number;
}

export function measureGoodput(options: GoodputOptions): Goodput {
  const { tcp, roundTripMs, loss, seed, warmUpSeconds, seconds } = options;
  const pipe = new Pipe({ seed, delayMs: roundTripMs / 2, client: tcp, server: tcp });
  const random = new SeededRandom(seed, "loss");
  let segments = 0;
  let lost = 0;
  let timeouts = 0;
  pipe.fault = ({ from, bytes, reason }) => {
    if (from !== pipe.client || bytes.length < DATA_MIN) return PASS;
    segments++;
    if (reason?.startsWith("retransmission timeout")) timeouts++;
    if (random.fraction() >= loss) return PASS;
    lost++;
    return LOST;
  };
  const { client, server } = pipe.establish();
  const chunk = new Uint8Array(64 * 1024);
  const write = (): void => {
    while (client.send(chunk) === chunk.length);
  };
  let received = 0;
  client.onChange = write;
  server.onChange = () => {
    for (let bytes = server.receive(chunk.length); bytes; bytes = server.receive(chunk.length))
      received += bytes.length;
  };
  write();
  pipe.runFor(warmUpSeconds * 1000);
  const before = received;
  pipe.runFor(seconds * 1000);
  return { bytesPerSecond: (received - before) / seconds, lossSeen: lost / segments, timeouts };
}

/** Longer than any segment without data. */
const DATA_MIN = 54 + 60 + 1;
