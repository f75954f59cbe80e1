/** IMAP: RFC 3501, RFC 9051. See README.md. */
export * from "./errors.ts";
export * from "./mailbox-name.ts";
export * from "./store.ts";
