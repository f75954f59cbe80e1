/** The Domain Name System: RFC 1034, RFC 1035 and what followed. Read first: README.md. */

export * from "./answer.ts";
export * from "./authority.ts";
export type { CachedRecord } from "./cached-record.ts";
export * from "./client.ts";
export * from "./errors.ts";
export * from "./exchange.ts";
export * from "./limits.ts";
export * from "./master-file.ts";
export * from "./name-server.ts";
export * from "./resolver/delegation.ts";
export * from "./resolver/events.ts";
export * from "./resolver/finding.ts";
export * from "./resolver/resolver.ts";
export * from "./server.ts";
export * from "./stub.ts";
export * from "./wire.ts";
export * from "./zone.ts";
