/** The small networks that tests play on. */

import { fromByteString, type Task } from "../../net/index.ts";
import type { SimHost } from "../host.ts";
import type { Link } from "../link/link.ts";
import { type ConnectOptions, World } from "../world.ts";

export interface TwoHosts {
  readonly world: World;
  readonly a: SimHost;
  readonly b: SimHost;
  readonly link: Link;
}

/** a 10.0.0.1 and 2001:db8::1, b 10.0.0.2 and 2001:db8::2, one link of 1 ms and any speed. */
export function twoHosts(options: ConnectOptions & { seed?: number } = {}): TwoHosts {
  const { seed = 1, ...linkOptions } = options;
  const world = new World({ seed });
  const a = world.addHost("a");
  const b = world.addHost("b");
  const link = world.connect(
    a.addInterface({ addresses: ["10.0.0.1/24", "2001:db8::1/64"] }),
    b.addInterface({ addresses: ["10.0.0.2/24", "2001:db8::2/64"] }),
    { bandwidthBps: Number.POSITIVE_INFINITY, ...linkOptions },
  );
  world.computeRoutes();
  return { world, a, b, link };
}

/** a 10.0.1.1, router r, b 10.0.2.2 (2001:db8:1::1 and 2001:db8:2::2), links of 1 ms; `farMtu` is that of r to b. */
export function routedHosts(farMtu = 1500): {
  world: World;
  a: SimHost;
  r: SimHost;
  b: SimHost;
  links: Link[];
} {
  const world = new World({ seed: 1 });
  const a = world.addHost("a");
  const r = world.addRouter("r");
  const b = world.addHost("b");
  const fast = { bandwidthBps: Number.POSITIVE_INFINITY };
  const near = world.connect(
    a.addInterface({ addresses: ["10.0.1.1/24", "2001:db8:1::1/64"] }),
    r.addInterface({ addresses: ["10.0.1.254/24", "2001:db8:1::fe/64"] }),
    fast,
  );
  const far = world.connect(
    r.addInterface({ addresses: ["10.0.2.254/24", "2001:db8:2::fe/64"], mtu: farMtu }),
    b.addInterface({ addresses: ["10.0.2.2/24", "2001:db8:2::2/64"], mtu: farMtu }),
    fast,
  );
  world.computeRoutes();
  return { world, a, r, b, links: [near, far] };
}

/** a 10.0.1.1 and b 10.0.2.2 (2001:db8:1::1 and 2001:db8:2::2) with two routers between them, joined by a link of `mtu`. */
export function narrowPath(mtu: number): { world: World; a: SimHost; b: SimHost } {
  const world = new World({ seed: 1 });
  const [a, b] = [world.addHost("a"), world.addHost("b")];
  const [r1, r2] = [world.addRouter("r1"), world.addRouter("r2")];
  const ends = [
    [a.addInterface({ addresses: net(1, 1) }), r1.addInterface({ addresses: net(1, 254) })],
    [r1.addInterface({ addresses: net(3, 1), mtu }), r2.addInterface({ addresses: net(3, 2), mtu })],
    [r2.addInterface({ addresses: net(2, 254) }), b.addInterface({ addresses: net(2, 2) })],
  ];
  for (const [from, to] of ends) world.connect(from, to);
  world.computeRoutes();
  return { world, a, b };
}

function net(network: number, host: number): string[] {
  return [`10.0.${network}.${host}/24`, `2001:db8:${network}::${host}/64`];
}

/** Sends back each datagram, until it is cancelled. */
export function* echoDatagrams(host: SimHost, port = 7): Task {
  const socket = yield* host.network.bind({ port });
  for (;;) {
    const datagram = yield* socket.receive(Number.POSITIVE_INFINITY);
    if (datagram !== undefined) socket.send(datagram.bytes, datagram.from);
  }
}

/** Sends `text` from `host` and returns what comes back. */
export function* askDatagram(
  host: SimHost,
  address: string,
  bytes: Uint8Array | string,
  timeoutMs = 1000,
): Task<Uint8Array | undefined> {
  const socket = yield* host.network.bind({ port: 0 });
  try {
    socket.send(typeof bytes === "string" ? fromByteString(bytes) : bytes, { address, port: 7 });
    return (yield* socket.receive(timeoutMs))?.bytes;
  } finally {
    socket.close();
  }
}

export function* ping(host: SimHost, address: string, length = 8, ttl = 64): Task<string> {
  const options = { sequence: 1, payload: new Uint8Array(length), timeoutMs: 10_000, ttl };
  const reply = yield* host.network.pinger.ping(address, options);
  return `${reply.kind} from ${reply.from} after ${Math.round(reply.roundTripNs / 1e6)} ms`;
}
