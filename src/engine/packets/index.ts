/** The packets of a world as the console asks for them: store.ts and view.ts first. */
export { RowFlag } from "./block.ts";
export * from "./filter/index.ts";
export { rowOf } from "./row.ts";
export { type IsOver, type KnownConversation, PacketStore, type PacketStoreOptions } from "./store.ts";
export { PacketView } from "./view.ts";
