/** The real engine in its worker, with a line that a million packets cross in a few seconds: `?engine=real`. */

import type { EngineClient } from "../../engine/client.ts";
import { type OpenTransport, openWorker } from "../../engine/transport.ts";

export const openRealEngine: OpenTransport = openWorker(
  () => new Worker(new URL("../../worker/engine-worker.ts", import.meta.url), { type: "module" }),
);

/** Opens the network and runs it as fast as the machine can. */
export async function runLine(client: EngineClient): Promise<void> {
  const source = { text: LINE, fileName: "line.yaml" };
  await client.request("network.open", { source, story: true });
  await client.request("time.speed", { speed: null });
  await client.request("time.play", {});
}

const LINE = `
hamlet: 1
name: A fast line
seed: 1
hosts:
  a: { addresses: [10.0.0.1/24] }
  b: { addresses: [10.0.0.2/24], services: { meter: } }
links:
  - { name: line, between: [a, b], delay: 200 us, bandwidth: 1 Gbit/s }
story:
  - { on: a, run: "meter 10.0.0.2 -t 600 --udp -s 200 --rate 200M" }
`;
