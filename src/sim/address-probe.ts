/** Whether somebody on a link has an address already: RFC 5227 section 2.1.1, with shorter waits, for links of a lab. */

import { Signal, type Task } from "../net/index.ts";
import type { SimHost } from "./host.ts";
import type { NetworkInterface } from "./kernel/interface.ts";

/** Probes the link of `nic` for an IPv4 address that the host does not have yet. */
export function* probeAddress(host: SimHost, nic: NetworkInterface, text: string): Task<boolean> {
  const { arp, addresses } = host.kernel.ip;
  const address = addresses.of(text);
  const heard = new Signal();
  let inUse = false;
  const stop = arp.watch(nic, address, () => {
    inUse = true;
    heard.notify();
  });
  try {
    for (let i = 0; i < PROBES && !inUse; i++) {
      arp.probe(nic, address);
      yield* heard.wait(host.network.clock, WAIT_MS);
    }
  } finally {
    stop();
  }
  return inUse;
}

/** RFC 5227 has three, one to two seconds apart; a link of a lab answers in milliseconds. */
const PROBES = 2;
const WAIT_MS = 400;
