/** POP3: RFC 1939. See README.md. */
export * from "./client.ts";
export * from "./download.ts";
export * from "./errors.ts";
export * from "./server.ts";
export type * from "./store.ts";
export * from "./wire.ts";
