/** Messages for tests, and what every message of a test has in common. */

import type { Random } from "../../../net/index.ts";
import type { Subnet } from "../subnets.ts";
import { type DhcpMessage, messageTypes } from "../wire.ts";

export function message(type: keyof typeof messageTypes, more: Partial<DhcpMessage> = {}): DhcpMessage {
  return {
    operation: ["offer", "ack", "nak"].includes(type) ? "reply" : "request",
    hardwareType: 1,
    hops: 0,
    transactionId: 0x1234_5678,
    seconds: 0,
    broadcast: false,
    clientAddress: "0.0.0.0",
    yourAddress: "0.0.0.0",
    nextServerAddress: "0.0.0.0",
    relayAddress: "0.0.0.0",
    hardwareAddress: hardware(5),
    serverName: "",
    bootFile: "",
    ...more,
    options: { messageType: messageTypes[type], ...more.options },
  };
}

export function hardware(number: number): Uint8Array {
  return Uint8Array.of(2, 0, 0, 0, 0, number);
}

export const OFFICE: Subnet = {
  network: "10.0.0.0",
  prefixLength: 24,
  ranges: [{ first: "10.0.0.100", last: "10.0.0.102" }],
  routers: ["10.0.0.1"],
  nameServers: ["10.0.0.1"],
  domainName: "office.example",
  leaseTime: 600,
  renewalTime: undefined,
  rebindingTime: undefined,
  reservations: [],
};

/** Chance that is the same in each run. */
export function repeatable(): Random {
  let state = 1;
  const uint32 = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
  return {
    uint32,
    below: (bound) => uint32() % bound,
    fraction: () => uint32() / 2 ** 32,
    bytes: (length) => Uint8Array.from({ length }, uint32),
  };
}
