/** Filters that were applied lately, the newest first; this browser remembers them. */

import { readStored, writeStored } from "../../app/stored.ts";

export function filterHistory(): readonly string[] {
  return readStored("packets.filters", NONE, isHistory);
}

export function remember(filter: string): void {
  if (filter.trim() === "") return;
  writeStored(
    "packets.filters",
    [filter, ...filterHistory().filter((other) => other !== filter)].slice(0, HISTORY_MAX),
  );
}

function isHistory(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((entry) => typeof entry === "string");
}

const NONE: readonly string[] = [];
const HISTORY_MAX = 20;
/** To begin with, and to learn the language by. */
export const EXAMPLES: readonly { readonly text: string; readonly detail: string }[] = [
  { text: "smtp", detail: "A protocol" },
  { text: "dns or arp", detail: "One of two" },
  { text: "lost or resent", detail: "What got lost, and what was sent again" },
  { text: "tcp.flags.syn == 1", detail: "A field and its value" },
  { text: "tcp.port in {25, 110}", detail: "One of some values" },
  { text: 'smtp.req.command == "MAIL"', detail: "A command" },
  { text: "frame.len > 1000", detail: "Long packets" },
];
