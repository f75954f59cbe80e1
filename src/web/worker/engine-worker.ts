/**
 * The engine in a Web Worker of the page: the whole network runs in the browser. It says "ready", then speaks the
 * protocol of src/engine/protocol. The worker's name is the network that is opened first.
 */

import { Engine } from "../../engine/engine.ts";
import { ReadCount } from "./read-count.ts";
import { shipped } from "./shipped.ts";
import { workerTimers } from "./timers.ts";

/** The one that `hamlet up` opens, too. */
const FIRST = "town";
const wanted = shipped.networks.has(self.name) ? self.name : FIRST;
const engine = new Engine({
  machine: workerTimers(),
  place: "worker",
  shipped,
  source: { fileName: `${wanted}.yaml`, text: shipped.networks.get(wanted)! },
});
const count = new ReadCount();
const session = engine.connect(
  (message) => {
    count.sent();
    postMessage(message);
  },
  () => count.isBehind,
);
addEventListener("message", ({ data }: MessageEvent) => {
  if (typeof data === "number") count.read(data);
  else session.handle(data);
});
postMessage("ready");
