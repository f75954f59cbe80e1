/**
 * Who may talk to the console's server. On the loopback addresses: pages that this server itself served, by a name that
 * means this machine, so that no page from elsewhere gets in, whatever an attacker's DNS says. On other addresses a
 * token as well, which only who was told the address has.
 */

import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { hostname } from "node:os";
import { familyOf } from "../../net/index.ts";

export class Gate {
  /** What a console must show; undefined where nobody else reaches us. */
  readonly token: string | undefined;

  constructor(addresses: readonly string[]) {
    this.token = addresses.every(isLoopback) ? undefined : randomBytes(TOKEN_OCTETS).toString("base64url");
  }

  /** RFC 9110 section 7.4: a server rejects requests for an authority that it is not. On whatever port: it may be forwarded. */
  admitsHost(host: string | undefined): boolean {
    const [, bracketed, plain = bracketed] =
      /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9.-]{1,253}))(?::\d{1,5})?$/i.exec(host ?? "") ?? [];
    if (plain === undefined) return false;
    const name = plain.toLowerCase();
    if (name === "localhost") return true;
    // No DNS can make an address mean another one.
    if (familyOf(name) !== undefined) return this.token !== undefined || isLoopback(name);
    return (
      this.token !== undefined &&
      [hostname().toLowerCase(), `${hostname()}.local`.toLowerCase()].includes(name)
    );
  }

  /** RFC 6455 section 10.2: whether the page that asks for a WebSocket is ours. `host` was admitted already. */
  admitsOrigin(origin: string | undefined, host: string | undefined): boolean {
    const asked = host?.toLowerCase();
    // https: somebody has put a proxy with TLS in front of us.
    return origin !== undefined && [`http://${asked}`, `https://${asked}`].includes(origin.toLowerCase());
  }

  /** Whether the token is among the subprotocols that a console offers: a browser lets a page set no other header. */
  admitsProtocols(offered: Iterable<string>): boolean {
    const { token } = this;
    return token === undefined || [...offered].some((text) => isEqual(text, TOKEN_PREFIX + token));
  }
}

/** 127.0.0.0/8 (RFC 1122 section 3.2.1.3) and ::1 (RFC 4291 section 2.5.3). */
export function isLoopback(address: string): boolean {
  return address === "::1" || (familyOf(address) === 4 && address.startsWith("127."));
}

/** Takes as long whatever the difference is. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** What a console and this server speak (RFC 6455 section 1.9). */
export const SUBPROTOCOL = "hamlet";
/** In front of the token among the subprotocols. */
const TOKEN_PREFIX = "hamlet-token.";
/** 128 bits: nobody guesses them. */
const TOKEN_OCTETS = 16;
