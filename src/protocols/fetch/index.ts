/** Fetching files: word by word, in one go, or as datagrams. Read first: README.md. */
export * from "./client.ts";
export * from "./datagram.ts";
export * from "./datagram-client.ts";
export * from "./datagram-server.ts";
export * from "./errors.ts";
export * from "./memory.ts";
export * from "./server.ts";
export type * from "./store.ts";
export * from "./wire.ts";
export * from "./words.ts";
