/** DHCP for IPv4: RFC 2131. */
export { type Binding, isLive } from "./bindings.ts";
export { DhcpClient, type DhcpClientOptions } from "./client.ts";
export { type ClientRunOptions, DhcpClientRun, type LeaseTaker } from "./client-run.ts";
export * from "./client-types.ts";
export {
  addressOfNumber,
  type HostParameters,
  isHostAddress,
  type Lease,
  maskNumber,
  maskOf,
  numberOf,
  prefixLengthOf,
} from "./lease.ts";
export { type DhcpOptions, knownOptions, LEASE_INFINITE, optionByCode } from "./options.ts";
export { type DhcpRelay, relayDhcp } from "./relay.ts";
export { DhcpServer } from "./server.ts";
export { type DhcpService, type DhcpServiceOptions, serveDhcp } from "./server-run.ts";
export * from "./server-types.ts";
export * from "./store.ts";
export * from "./subnets.ts";
export * from "./wire.ts";
