/** Fast UDP under the suite that every network passes. */

import { networkSuite } from "../../net/testing/network-suite.ts";
import { osHosts } from "../testing/os-hosts.ts";
import { openKernel } from "./index.ts";

if (typeof openKernel() !== "string") {
  networkSuite("the operating system with fast UDP", () => osHosts({ fastUdp: true }));
}
