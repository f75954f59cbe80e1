/** Dissection of frames, and what is made of many of them: conversations, dialogues, tables, summaries. */
export * from "./dissect.ts";
export type * from "./dissection.ts";
