/** The operating system under the suite that the simulated network passes too. */

import { networkSuite } from "../net/testing/network-suite.ts";
import { osHosts } from "./testing/os-hosts.ts";

networkSuite("the operating system", osHosts);
