/** Captures: what a world tells of its packets, kept, written as pcapng and read again. */
export * from "./capture.ts";
export * from "./journal.ts";
export * from "./packet.ts";
export { type PcapngContents, readPcapng } from "./pcapng-read.ts";
export {
  type PcapngHead,
  type PcapngOptions,
  PcapngStream,
  streamPcapng,
  writePcapng,
} from "./pcapng-write.ts";
export type * from "./socket-call.ts";
export type * from "./tap.ts";
