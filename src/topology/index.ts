/** Network files: read, checked, built. */
export * from "./build.ts";
export type * from "./lab.ts";
export * from "./network-file.ts";
export * from "./parse.ts";
export type { PartsOptions } from "./parts.ts";
export * from "./replay.ts";
export * from "./schema.ts";
export * from "./units.ts";
