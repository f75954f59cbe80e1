/** The DNS on the wire: names, records and messages, as octets and as text. Read first: wire/message.ts. */

export * from "./name.ts";
export * from "./wire/codes.ts";
export * from "./wire/describe.ts";
export * from "./wire/emit.ts";
export type { EdnsOption, Field } from "./wire/fields.ts";
export * from "./wire/message.ts";
export { MessageWriter, readName } from "./wire/names.ts";
export * from "./wire/record.ts";
export * from "./wire/record-types.ts";
