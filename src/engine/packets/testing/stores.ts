/** Stores with known packets for tests: of a run of two hosts at a switch, of packets made by hand, of any octets. */

import { bulk, datagrams, question, refusal, type Scene } from "../../../dissect/testing/sequences.ts";
import { Capture, type CapturedPacket, type FrameEvent, Journal } from "../../../sim/capture/index.ts";
import { type LinkOptions, World } from "../../../sim/index.ts";
import { PacketStore, type PacketStoreOptions, PacketView } from "../index.ts";

export { bulk, datagrams, question, refusal, type Scene };

/** A budget that is never used up. */
export const never = (): boolean => false;

/** A run between client.test (10.0.0.1) and server.test (10.0.0.2), heard by a store and by what it is compared with. */
export function run(
  scene: Scene,
  line: LinkOptions = { delayMs: 10 },
  seed = 1,
  options: Partial<PacketStoreOptions> = {},
): { store: PacketStore; capture: Capture; journal: Journal; world: World } {
  const world = new World({ seed, onTaskFailure: () => {} });
  const { startUnixMs } = world;
  const store = new PacketStore({ startUnixMs, interfaces: () => world.interfaces, ...options });
  const nameOf = (id: number): string => `${world.interfaces[id].hostName} ${world.interfaces[id].name}`;
  const capture = new Capture({ interfaceName: nameOf });
  const journal = new Journal();
  for (const tap of [capture, journal, store]) world.addTap(tap);
  world.addCallTap(journal);
  world.addCallTap(store);
  const client = world.addHost("client.test");
  const lan = world.addSwitch("lan");
  const server = world.addHost("server.test");
  world.connect(client.addInterface({ addresses: ["10.0.0.1/24"] }), lan.addPort(), { delayMs: 1 });
  world.connect(lan.addPort(), server.addInterface({ addresses: ["10.0.0.2/24"] }), line);
  world.computeRoutes();
  world.spawn("scene", scene(client.network, server.network)).whenDone(() => {});
  world.runUntilIdle({ maxNs: 600e9 });
  return { store, capture, journal, world };
}

/** A store of these packets, analysed. */
export function storeOf(
  packets: Iterable<CapturedPacket>,
  options: Partial<PacketStoreOptions> = {},
): PacketStore {
  const store = new PacketStore({ startUnixMs: 0, interfaces: () => [], ...options });
  for (const { timeNs, interfaceId, packetId, number, bytes, comment } of packets) {
    const from = { timeNs, interfaceId, packetId: packetId ?? number, bytes };
    store.handleFrame({ ...from, kind: "origin", reason: comment });
  }
  store.analyzeSome(never);
  return store;
}

/** The numbers that a filter lets through. */
export function matchesOf(store: PacketStore, filter: string): number[] {
  const view = new PacketView(store, filter);
  while (!view.advance(never));
  return Array.from({ length: view.length }, (_, index) => view.numberAt(index) as number);
}

/** The same, analysed. */
export function analyzed(...args: Parameters<typeof run>): ReturnType<typeof run> {
  const made = run(...args);
  made.store.analyzeSome(never);
  return made;
}

/** Lets a view look at everything. */
export function finish(view: PacketView): PacketView {
  while (!view.advance(never));
  return view;
}

/** One packet that leaves. */
export function packetAt(bytes: Uint8Array, timeNs: number): FrameEvent {
  return { timeNs, kind: "origin", interfaceId: 0, packetId: 0, bytes, reason: undefined };
}

export const lossy = { delayMs: 10, loss: 0.05, duplicate: 0.02 };
