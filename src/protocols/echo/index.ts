/** Echo (RFC 862). Read first: README.md. */
export * from "./client.ts";
export * from "./errors.ts";
export * from "./probe.ts";
export * from "./server.ts";
export * from "./wire.ts";
