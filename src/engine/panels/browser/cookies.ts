/** The cookies of a browser: RFC 6265, as far as one person in a lab needs it. Bounded. */

import type { Clock } from "../../../net/index.ts";
import type { HttpUrl } from "../../../protocols/http/index.ts";

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  readonly path: string;
  readonly untilMs: number;
}

export class Cookies {
  readonly #clock: Clock;
  #cookies: Cookie[] = [];

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Takes the value of a Set-Cookie field: RFC 6265 section 5.2. A cookie is its host's alone. */
  take(url: HttpUrl, field: string): void {
    const [pair, ...attributes] = field.split(";").map((part) => part.trim());
    const equals = pair.indexOf("=");
    if (equals < 1 || field.length > FIELD_MAX) return;
    const values = new Map(attributes.map((text) => splitOnce(text)));
    const path = values.get("path") ?? "";
    const maxAge = values.get("max-age");
    const cookie: Cookie = {
      name: pair.slice(0, equals),
      value: pair.slice(equals + 1),
      host: url.host.toLowerCase(),
      path: path.startsWith("/") ? path : "/",
      untilMs:
        maxAge !== undefined && /^-?\d+$/.test(maxAge)
          ? this.#clock.unixMs() + Number(maxAge) * 1_000
          : Number.POSITIVE_INFINITY,
    };
    this.#cookies = this.#cookies.filter((other) => !isSame(other, cookie));
    this.#cookies.push(cookie);
    this.#cookies = this.#valid().slice(-COOKIES_MAX);
  }

  /** The Cookie field for a request, undefined when there is none: RFC 6265 section 5.4. */
  fieldFor(url: HttpUrl): string | undefined {
    const path = url.target.split("?")[0];
    const found = this.#valid().filter((cookie) => {
      return cookie.host === url.host.toLowerCase() && isBelow(path, cookie.path);
    });
    found.sort((a, b) => b.path.length - a.path.length);
    return found.length === 0 ? undefined : found.map(({ name, value }) => `${name}=${value}`).join("; ");
  }

  #valid(): Cookie[] {
    const nowMs = this.#clock.unixMs();
    return this.#cookies.filter(({ untilMs }) => untilMs > nowMs);
  }
}

/** RFC 6265 section 5.1.4. */
function isBelow(path: string, cookiePath: string): boolean {
  if (!path.startsWith(cookiePath)) return false;
  return path.length === cookiePath.length || cookiePath.endsWith("/") || path[cookiePath.length] === "/";
}

function isSame(a: Cookie, b: Cookie): boolean {
  return a.name === b.name && a.host === b.host && a.path === b.path;
}

function splitOnce(text: string): [string, string] {
  const equals = text.indexOf("=");
  if (equals === -1) return [text.toLowerCase(), ""];
  return [text.slice(0, equals).trim().toLowerCase(), text.slice(equals + 1).trim()];
}

/** RFC 6265 section 6.1: 4096 octets a cookie, 50 a domain at least. */
const FIELD_MAX = 8 * 1024;
const COOKIES_MAX = 300;
