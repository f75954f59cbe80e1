/** The protocol numbers of IPv4 and the next headers of IPv6 (IANA "Assigned Internet Protocol Numbers"). */

const NAMES = new Map([
  [0, "Hop-by-Hop Options"],
  [1, "ICMP"],
  [6, "TCP"],
  [17, "UDP"],
  [43, "Routing"],
  [44, "Fragment"],
  [58, "ICMPv6"],
  [59, "No next header"],
  [60, "Destination Options"],
]);

export function ipProtocolName(number: number): string | undefined {
  return NAMES.get(number);
}
