/** The packets of a world as the console asks for them: store.ts and view.ts first. */
export { RowFlag } from "./block.ts";
export { type ConversationPage, conversationsOf } from "./conversations.ts";
export { detailOf, journeyOf } from "./detail.ts";
export { type ExportPiece, exportPiece } from "./export.ts";
export * from "./filter/index.ts";
export { type GraphRequest, graphOf } from "./graph.ts";
export { hierarchyLater, hierarchyOf } from "./hierarchy.ts";
export { nextPacketOf } from "./next-packet.ts";
export { sequenceModel, sequenceOf } from "./sequence.ts";
export {
  type IsOver,
  type Job,
  type KnownConversation,
  PacketStore,
  type PacketStoreOptions,
} from "./store.ts";
export { streamOf } from "./stream.ts";
export { summaryOf } from "./summary.ts";
export { PacketView, type ViewListener } from "./view.ts";
