/** The toolbox of the codecs. */
export * from "./base64.ts";
export * from "./calendar.ts";
export * from "./checksum.ts";
export * from "./errors.ts";
export * from "./join.ts";
export * from "./reader.ts";
export * from "./sha256.ts";
export * from "./utf8.ts";
export * from "./writer.ts";
