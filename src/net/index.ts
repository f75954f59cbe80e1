/** The words of Hamlet: what every protocol is written in. */
export * from "./address.ts";
export * from "./answerable.ts";
export * from "./clock.ts";
export * from "./connect.ts";
export * from "./connection.ts";
export * from "./errors.ts";
export type * from "./machine.ts";
export * from "./network.ts";
export type * from "./random.ts";
export * from "./relay.ts";
export * from "./serve.ts";
export * from "./serve-datagrams.ts";
export type * from "./stream-socket.ts";
export * from "./task.ts";
export * from "./time-limit.ts";
