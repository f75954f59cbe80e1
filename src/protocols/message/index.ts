/** The Internet message format: RFC 5322. See README.md. */
export * from "./compose.ts";
export * from "./date.ts";
export * from "./encoded-word.ts";
export * from "./wire.ts";
