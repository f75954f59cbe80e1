/** The message protocol between console and engine: message.ts first. */

export { nodeNameProblem } from "../../topology/node-name.ts";
export * from "./events.ts";
export * from "./host.ts";
export * from "./lesson.ts";
export * from "./message.ts";
export * from "./methods.ts";
export * from "./network.ts";
export * from "./packets.ts";
export * from "./time.ts";
