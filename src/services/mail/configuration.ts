/** What the network file says of the services "smtp", "pop3" and "imap", and its JSON schema. */

import { type ImapCapability, SWITCHABLE_CAPABILITIES } from "../../protocols/imap/index.ts";
import type { Capability } from "../../protocols/pop3/index.ts";
import { EXTENSIONS, type Extension, type SmtpClientOptions } from "../../protocols/smtp/index.ts";

export interface SmtpConfiguration {
  /** The domains whose mail ends here: "crepes.fr". */
  readonly domains: readonly string[];
  /** What the server calls itself in both directions; absent: the name of its host. */
  readonly name?: string;
  readonly address?: string;
  readonly port?: number;
  /** Addresses and prefixes of clients whose mail goes on to the world: the own site. */
  readonly relayFor?: readonly string[];
  /** The user who reads the postmaster's mail; absent: a user "postmaster", or a mailbox of that name. */
  readonly postmaster?: string;
  /** How the server speaks as a client. */
  readonly hello?: NonNullable<SmtpClientOptions["style"]>;
  readonly contentMaxOctets?: number;
  /** Waits between attempts; the last one repeats. */
  readonly retrySeconds?: readonly number[];
  readonly giveUpAfterSeconds?: number;
  readonly strict?: boolean;
  readonly withoutExtensions?: readonly Extension[];
}

export interface Pop3Configuration {
  /** Domains that a user name may carry: "bob@hamburger.edu" logs in as bob. */
  readonly domains?: readonly string[];
  readonly address?: string;
  readonly port?: number;
  readonly withoutCapabilities?: readonly Capability[];
}

export interface ImapConfiguration {
  /** Domains that a user name may carry: "bob@hamburger.edu" logs in as bob. */
  readonly domains?: readonly string[];
  readonly address?: string;
  readonly port?: number;
  readonly withoutCapabilities?: readonly ImapCapability[];
}

const domainName = {
  type: "string",
  pattern: "^[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?(\\.[A-Za-z0-9]([A-Za-z0-9-]*[A-Za-z0-9])?)*$",
  maxLength: 255,
};
const port = { type: "integer", minimum: 1, maximum: 65_535 };
const address = { type: "string", description: "A local address to listen on; absent: all." };

export const smtpSchema = {
  type: "object",
  description: "A mail server: takes mail, delivers to the host's users, carries the rest on.",
  properties: {
    domains: {
      type: "array",
      items: domainName,
      minItems: 1,
      uniqueItems: true,
      description: "Domains whose mail ends here.",
    },
    name: { ...domainName, description: "What the server calls itself; absent: its host's name." },
    address,
    port: { ...port, default: 25 },
    relayFor: {
      type: "array",
      items: { type: "string" },
      description: "Clients (10.1.0.0/24, 10.1.0.7) whose mail to other domains is carried on.",
    },
    postmaster: { type: "string", description: "The user who reads the postmaster's mail." },
    hello: {
      enum: ["EHLO", "HELO", "textbook"],
      default: "EHLO",
      description: 'How it greets other servers; "textbook": HELO, and a space after the colon.',
    },
    contentMaxOctets: { type: "integer", minimum: 65_536, description: "The largest mail." },
    retrySeconds: {
      type: "array",
      items: { type: "number", exclusiveMinimum: 0, maximum: 604_800 },
      minItems: 1,
      description: "Waits between attempts to deliver; the last one repeats.",
    },
    giveUpAfterSeconds: { type: "number", minimum: 0, description: "When a mail that waits is returned." },
    strict: { type: "boolean", description: "Refuse what RFC 5321 forbids but senders do." },
    withoutExtensions: { type: "array", items: { enum: EXTENSIONS }, uniqueItems: true },
  },
  required: ["domains"],
  additionalProperties: false,
};

export const pop3Schema = {
  type: "object",
  description: "The users of the host fetch their mail.",
  properties: {
    domains: { type: "array", items: domainName, description: "Domains that a user name may carry." },
    address,
    port: { ...port, default: 110 },
    withoutCapabilities: { type: "array", items: { enum: ["TOP", "UIDL"] }, uniqueItems: true },
  },
  additionalProperties: false,
};

export const imapSchema = {
  type: "object",
  description: "The users of the host read their mail in folders that stay on the server.",
  properties: {
    domains: { type: "array", items: domainName, description: "Domains that a user name may carry." },
    address,
    port: { ...port, default: 143 },
    withoutCapabilities: { type: "array", items: { enum: SWITCHABLE_CAPABILITIES }, uniqueItems: true },
  },
  additionalProperties: false,
};
