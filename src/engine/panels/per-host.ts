/** What a panel keeps for each host: made on first use, gone with the host. A host that is built again begins anew. */

import type { Host } from "../../host/host.ts";

export function perHost<T>(make: (host: Host) => T): (host: Host) => T {
  const kept = new WeakMap<Host, T>();
  return (host) => {
    let state = kept.get(host);
    if (state === undefined) {
      state = make(host);
      kept.set(host, state);
    }
    return state;
  };
}
