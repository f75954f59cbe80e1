/** The display filter that shows the packets of a socket. Pure. */

import type { SocketView } from "../../../engine/protocol/index.ts";

export function socketFilter({
  protocol,
  local,
  remote,
}: Pick<SocketView, "protocol" | "local" | "remote">): string {
  const own = splitEndpoint(local);
  const terms = [`${protocol}.port == ${own.port}`];
  if (remote !== undefined) {
    const peer = splitEndpoint(remote);
    terms.push(`${protocol}.port == ${peer.port}`, addressTerm(peer.address));
  } else if (!["::", "0.0.0.0"].includes(own.address)) terms.push(addressTerm(own.address));
  return terms.join(" && ");
}

function addressTerm(address: string): string {
  return `${address.includes(":") ? "ipv6" : "ip"}.addr == ${address}`;
}

/** "10.1.0.25:25", "[2001:db8::25]:25" */
function splitEndpoint(text: string): { readonly address: string; readonly port: string } {
  const colon = text.lastIndexOf(":");
  return { address: text.slice(0, colon).replace(/^\[|\]$/g, ""), port: text.slice(colon + 1) };
}
