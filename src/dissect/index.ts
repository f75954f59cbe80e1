/** Dissection of frames, and what is made of many of them: conversations, dialogues, tables, summaries. */
export * from "./analysis.ts";
export type { Application } from "./application.ts";
export { bitsPerSecond, type Conversation, type Counts } from "./conversations.ts";
export * from "./dialogue.ts";
export * from "./dissect.ts";
export type * from "./dissection.ts";
export * from "./packet-table.ts";
export * from "./reassembly.ts";
export { applications } from "./registry.ts";
export * from "./sequence.ts";
export { sequenceSvg } from "./sequence-svg.ts";
export { sequenceText } from "./sequence-text.ts";
export * from "./summary.ts";
export * from "./text.ts";
