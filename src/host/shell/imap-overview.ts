/** A message in a list: what its envelope says, for a person and for programs. */

import type { EnvelopeAddress, FetchedMessage, FetchRequest } from "../../protocols/imap/index.ts";
import { decodeWords } from "../../protocols/message/index.ts";
import { printable } from "./printable.ts";
import { formatTable } from "./table.ts";

/** What FETCH is asked for: no message is read for a list. */
export const OVERVIEW: FetchRequest = { flags: true, octets: true, envelope: true };

export interface MessageOverview {
  readonly uid: number;
  readonly flags: readonly string[];
  readonly from: string;
  readonly date: string;
  readonly subject: string;
  readonly octets: number;
}

export function overviewOf({ uid = 0, flags = [], octets = 0, envelope }: FetchedMessage): MessageOverview {
  return {
    uid,
    flags,
    from: (envelope?.from ?? []).map(addressText).join(", "),
    date: plain(envelope?.date),
    subject: plain(envelope?.subject) || "(no subject)",
    octets,
  };
}

export function messageTable(messages: readonly MessageOverview[]): string {
  return formatTable(
    ["UID", "Marks", "From", "Date", "Subject", "Octets"],
    messages.map(({ uid, flags, from, date, subject, octets }) => [
      `${uid}`,
      marksOf(flags),
      from,
      date,
      subject,
      `${octets}`,
    ]),
  );
}

function marksOf(flags: readonly string[]): string {
  const has = (flag: string): boolean => flags.some((other) => other.toLowerCase() === flag);
  return [
    ...(has("\\seen") ? [] : ["unread"]),
    ...["answered", "flagged", "deleted", "draft"].filter((mark) => has(`\\${mark}`)),
  ].join(" ");
}

function addressText({ name, mailbox = "", host }: EnvelopeAddress): string {
  const address = plain(host === undefined ? mailbox : `${mailbox}@${host}`);
  return name === undefined || name === "" ? address : `${plain(name)} <${address}>`;
}

function plain(text: string | undefined): string {
  return printable(decodeWords(text ?? "")).replaceAll("\n", " ");
}
