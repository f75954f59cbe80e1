/** Changing a network file in its own text: start at `NetworkDocument`. */
export * from "./document.ts";
