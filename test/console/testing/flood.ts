/** A network whose story makes as many packets as one wants, as fast as the machine can: two hosts and a meter. */

import { writeFileSync } from "node:fs";
import { join } from "node:path";

/** Writes its file into `folder`; returns the path. */
export function floodFile(folder: string, packets: number): string {
  const path = join(folder, "flood.yaml");
  // 64 octets at 10 Mbit/s are 19,531 datagrams a second.
  const seconds = Math.ceil(packets / 19_531);
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
  return path;
}
