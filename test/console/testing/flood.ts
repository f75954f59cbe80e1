/** A network whose story makes as many packets as one wants, as fast as the machine can: two hosts and a meter. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes its file into `folder`: with as many packets as fill whole seconds of it, and some that begin and end it. */
export function floodFile(
  folder: string,
  atMost: number,
): { readonly path: string; readonly packets: number } {
  const path = join(folder, "flood.yaml");
  const seconds = Math.max(1, Math.floor(atMost / PACKETS_PER_SECOND));
  writeFileSync(
    path,
    `hamlet: 1
name: Flood
hosts:
  left: { addresses: [10.0.0.1/24] }
  right: { addresses: [10.0.0.2/24], services: { meter: {} } }
links:
  - { between: [left, right], delay: 0.1 ms, bandwidth: 10 Gbit/s }
story:
  - { name: flood, on: left, run: meter 10.0.0.2 -t ${seconds} -s 64 --udp --rate 10M }
`,
  );
  return { path, packets: seconds * PACKETS_PER_SECOND };
}

/** 64 octets each at 10 Mbit/s. */
const PACKETS_PER_SECOND = 19_531;
