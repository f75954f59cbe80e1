/** The formats below TCP, each with parse, emit and describe. The kernel and the dissector read with the same code. */
export * from "./arp.ts";
export * from "./ethernet.ts";
export * from "./icmp.ts";
export * from "./icmpv6.ts";
export * from "./ipv4.ts";
export * from "./ipv6.ts";
export * from "./neighbour.ts";
export * from "./udp.ts";
