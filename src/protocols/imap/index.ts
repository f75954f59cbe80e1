/** IMAP: RFC 3501, RFC 9051. See README.md. */
export * from "./client.ts";
export type { FetchRequest, SearchCriteria, SectionRequest } from "./client-command.ts";
export * from "./client-letter.ts";
export type { SelectedMailbox } from "./client-mailbox.ts";
export * from "./errors.ts";
export * from "./mailbox-name.ts";
export type { ListedMailbox, Response } from "./response.ts";
export type { BodyPart, Envelope, EnvelopeAddress, FetchedMessage } from "./response-fetch.ts";
export { refuseImap, serveImap } from "./server.ts";
export { type ImapCapability, type ImapServerOptions, SWITCHABLE_CAPABILITIES } from "./session.ts";
export * from "./store.ts";
export { describeLine } from "./wire.ts";
