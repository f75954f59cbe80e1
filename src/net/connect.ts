/** What every implementation of `Network.connect` shares: from a name to addresses, and one address after the other. */

import { type AddressFamily, canonicalAddress, familyOf } from "./address.ts";
import type { Clock } from "./clock.ts";
import { NetworkError } from "./errors.ts";
import type { ConnectOptions, Resolver } from "./network.ts";
import type { Task } from "./task.ts";
import { withTimeLimit } from "./time-limit.ts";

/**
 * The addresses of `host`, a name or an address, in the order to try; at least one. Throws NetworkError
 * "name-not-found", also when it has none of the family, and "name-server-failed".
 */
export function* addressesOf(resolver: Resolver, host: string, family?: AddressFamily): Task<string[]> {
  const address = canonicalAddress(host);
  if (address === undefined) return yield* resolver.addresses(host, family);
  if (family !== undefined && familyOf(address) !== family) {
    throw new NetworkError("name-not-found", `${address} is no IPv${family} address`);
  }
  return [address];
}

/**
 * Tries the addresses of `host` with `connectTo` until one works, all within `options.timeoutMs`: each gets its even
 * share of the time that is left, so that one dead address leaves time for the next. Throws the last one's error.
 */
export function* connectInTurn<T>(
  clock: Clock,
  resolver: Resolver,
  host: string,
  port: number,
  options: ConnectOptions,
  connectTo: (address: string) => Task<T>,
): Task<T> {
  const endNs = clock.nowNs() + options.timeoutMs * 1e6;
  const subject = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  const late = (): Error =>
    new NetworkError("timed-out", `${subject} did not answer within ${options.timeoutMs} ms`);
  const addresses = yield* withTimeLimit(
    clock,
    options.timeoutMs,
    addressesOf(resolver, host, options.family),
    () => new NetworkError("timed-out", `looking up ${host} took over ${options.timeoutMs} ms`),
  );
  for (let i = 0; ; i++) {
    const leftMs = (endNs - clock.nowNs()) / 1e6;
    try {
      return yield* withTimeLimit(clock, leftMs / (addresses.length - i), connectTo(addresses[i]), late);
    } catch (error) {
      if (!(error instanceof NetworkError) || i === addresses.length - 1) throw error;
    }
  }
}
