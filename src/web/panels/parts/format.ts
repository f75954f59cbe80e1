/** Sizes, dates and people as text. Pure. */

/** "1.2 kB" */
export function formatOctets(octets: number): string {
  if (octets < 1_000) return `${octets} B`;
  for (const [unit, size] of UNITS) {
    if (octets >= size) return `${(octets / size).toFixed(octets < 10 * size ? 1 : 0)} ${unit}`;
  }
  return `${octets} B`;
}

/** "21 Nov, 03:32": the lab's wall clock is UTC. */
export function formatDate(unixMs: number): string {
  return SHORT.format(unixMs);
}

/** "Sat, 21 Nov 2026, 03:32:06 UTC" */
export function formatDateLong(unixMs: number): string {
  return `${LONG.format(unixMs)} UTC`;
}

/** "Alice" of `"Alice" <alice@crepes.fr>`; the address where there is no name. */
export function personOf(address: string): string {
  const [, name = "", bare = ""] = /^\s*(.*?)\s*<([^<>]*)>\s*$/.exec(address) ?? [];
  return name.replace(/^"(.*)"$/, "$1").replace(/\\(.)/g, "$1") || bare || address.trim();
}

/** "alice@crepes.fr" of the same. */
export function addressOf(address: string): string {
  return /<([^<>]*)>\s*$/.exec(address)?.[1] ?? address.trim();
}

/** At commas, but not within quotes or angle brackets. */
export function splitAddresses(text: string): string[] {
  const parts = text.match(/(?:"(?:\\.|[^"\\])*"|<[^>]*>|[^,;"<]|["<])+/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => part !== "");
}

const UNITS = [
  ["GB", 1e9],
  ["MB", 1e6],
  ["kB", 1e3],
] as const;
const SHORT = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  day: "numeric",
  month: "short",
  hour: "2-digit",
  minute: "2-digit",
});
const LONG = new Intl.DateTimeFormat("en-GB", {
  timeZone: "UTC",
  weekday: "short",
  day: "numeric",
  month: "short",
  year: "numeric",
  hour: "2-digit",
  minute: "2-digit",
  second: "2-digit",
});
