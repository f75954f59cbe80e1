/** A voice-like stream: RTP packets at the pace of a telephone, and what a listener finds out about them. */

export * from "./client.ts";
export * from "./reception.ts";
export * from "./wire.ts";
