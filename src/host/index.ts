/** A machine with users, services and commands, in the lab or on the operating system. */
export * from "./exec.ts";
export * from "./host.ts";
export * from "./log.ts";
export type * from "./machine.ts";
