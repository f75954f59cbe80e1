/** The Internet message format and MIME: RFC 5322, RFC 2045 to 2047. See README.md. */
export * from "./addresses.ts";
export { decodeText } from "./charset.ts";
export * from "./compose.ts";
export * from "./date.ts";
export * from "./encoded-word.ts";
export * from "./entity.ts";
export * from "./media-type.ts";
export * from "./parameters.ts";
export * from "./read.ts";
export * from "./structure.ts";
export { decodeBase64Lines, decodeQuotedPrintable, encodeBase64Lines } from "./transfer-encoding.ts";
export * from "./wire.ts";
