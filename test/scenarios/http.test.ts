/** HTTP on the simulated network: the same suite as on the machine's sockets. */

import { httpSuite } from "../../src/protocols/http/testing/http-suite.ts";
import { twoHosts } from "./two-hosts.ts";

httpSuite("two simulated hosts", () => twoHosts());
