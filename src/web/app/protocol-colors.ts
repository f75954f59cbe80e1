/**
 * One colour per protocol, everywhere: packets on their links, rows, graphs, diagrams. Each is readable as text on every
 * ground that a row of the list may have (colors.test.ts), so that a name can be written in it.
 */

export interface ProtocolColor {
  readonly light: string;
  readonly dark: string;
}

export const PROTOCOL_COLORS: Readonly<Record<string, ProtocolColor>> = {
  SMTP: { light: "#b8336a", dark: "#f48fb1" },
  POP: { light: "#8a3ea8", dark: "#d79bf0" },
  IMAP: { light: "#6b46c1", dark: "#b9a3f5" },
  DNS: { light: "#1765b3", dark: "#7db8f5" },
  HTTP: { light: "#157242", dark: "#6fd69b" },
  TLS: { light: "#17756f", dark: "#5fd0c8" },
  FTP: { light: "#8a5a00", dark: "#e8b85c" },
  DHCP: { light: "#a34a00", dark: "#f5a56b" },
  TCP: { light: "#566380", dark: "#a7b4d0" },
  UDP: { light: "#4d6b8a", dark: "#94b8d8" },
  ICMP: { light: "#b03a2e", dark: "#f1948a" },
  ICMPv6: { light: "#b03a2e", dark: "#f1948a" },
  ARP: { light: "#7a6400", dark: "#d8c25a" },
  SOCKS: { light: "#5b5f97", dark: "#b3b6ea" },
  ECHO: { light: "#0f7490", dark: "#67c9e4" },
};

export const OTHER: ProtocolColor = { light: "#5f6368", dark: "#b0b4ba" };

/** Of the name in the column Protocol; "SMTP/IMF" and the like are coloured by their first word. */
export function protocolColor(protocol: string): ProtocolColor {
  const known = PROTOCOL_COLORS[protocol];
  if (known !== undefined) return known;
  const word = /^[A-Za-z]+[0-9]?/.exec(protocol)?.[0].toUpperCase() ?? "";
  return PROTOCOL_COLORS[word] ?? PROTOCOL_COLORS[word.replace(/[0-9]$/, "")] ?? OTHER;
}
