/** SMTP: RFC 5321. See README.md. */
export * from "./address.ts";
export * from "./client.ts";
export { DATA_LINE_MAX } from "./data.ts";
export * from "./errors.ts";
export { accepted, localError, reply } from "./replies.ts";
export * from "./server.ts";
export type * from "./store.ts";
export * from "./trace.ts";
export * from "./wire.ts";
