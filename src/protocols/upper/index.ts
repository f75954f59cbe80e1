/** Upper-casing, the textbook's first socket program. Read first: README.md. */
export * from "./client.ts";
export * from "./errors.ts";
export * from "./server.ts";
export * from "./wire.ts";
