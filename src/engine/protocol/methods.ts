/**
 * What a console can ask of its engine. Each method has the schema of its parameters, which the engine checks, for they
 * come from outside, and the type of its result. A method that is a change is recorded with its instant, so that the
 * past can be executed again; what it answers must depend on the lab alone.
 */

import * as v from "valibot";
import type { LinkQuality } from "../../topology/network-file.ts";
import type {
  FileEntry,
  HostConfigView,
  HostStateView,
  PanelKindView,
  PanelView,
  ServiceKindView,
  ShellCompletion,
} from "./host.ts";
import type { LessonView } from "./lesson.ts";
import type { Base64 } from "./message.ts";
import type { CompletionView, FileError, NetworkView, OpenResult, ShippedView } from "./network.ts";
import type {
  ConversationView,
  FilterCheck,
  GraphView,
  HierarchyView,
  PacketDetail,
  PacketRowView,
  PacketViewState,
  SequenceView,
  StreamView,
  SummaryView,
} from "./packets.ts";
import type { InputView, TimeView } from "./time.ts";

const whole = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
/** Beyond it, after 104 days, nanoseconds are not exact any more. */
const instant = v.pipe(
  v.number(),
  v.minValue(0),
  v.maxValue(Number.MAX_SAFE_INTEGER),
  v.transform(Math.round),
);
const coordinate = v.pipe(v.number(), v.finite(), v.minValue(-1e6), v.maxValue(1e6));
const probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1));
/** Names, words, filters. */
const short = v.pipe(v.string(), v.maxLength(4_096));
/** A line that was typed or pasted; a network file; a file of a host. */
const line = v.pipe(v.string(), v.maxLength(64 * 1024));
const long = v.pipe(v.string(), v.maxLength(48 * 1024 * 1024));
const nothing = v.strictObject({});
const page = { from: whole, count: v.pipe(whole, v.maxValue(1_000)) };
const direction = v.picklist(["both", "forth", "back"]);
const host = { host: short };
const quality = v.pipe(
  v.partial(
    v.strictObject({
      delayMs: v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000)),
      jitterMs: v.pipe(v.number(), v.minValue(0), v.maxValue(3_600_000)),
      bandwidthBps: v.pipe(v.number(), v.minValue(1), v.maxValue(1e13)),
      queuePackets: v.pipe(whole, v.minValue(1), v.maxValue(1e6)),
      loss: probability,
      reorder: probability,
      duplicate: probability,
      corrupt: probability,
    }),
  ),
  // What came as JSON has no undefined in it.
  v.transform((given) => given as LinkQuality),
);

/** The parameters of the methods that only look. */
export const looks = {
  hello: v.strictObject({ version: whole }),

  "network.shipped": nothing,
  "network.text": nothing,
  /** Replaces the network that runs, for everybody. */
  "network.open": v.strictObject({
    /** One that ships, or the text of a file. */
    source: v.union([
      v.strictObject({ id: short }),
      v.strictObject({ text: long, fileName: short, basis: v.optional(short) }),
    ]),
    seed: v.optional(whole),
    story: v.optional(v.boolean()),
  }),
  /** In the place of `savesTo`, when that still holds what the text is based on; null: whatever it holds. */
  "network.save": v.strictObject({ text: long, basis: v.nullable(short) }),
  "network.check": v.strictObject({ text: long }),
  /** Line and column count from 0, as an editor counts them. */
  "network.complete": v.strictObject({ text: long, line: whole, column: whole }),
  "network.hover": v.strictObject({ text: long, line: whole, column: whole }),

  "time.play": nothing,
  "time.pause": nothing,
  /** null: as fast as possible. */
  "time.speed": v.strictObject({
    speed: v.nullable(v.pipe(v.number(), v.minValue(0.0001), v.maxValue(1e6))),
  }),
  /** One event; or on to the next packet that the filter lets through. Ends paused. */
  "time.step": v.strictObject({ to: v.union([v.literal("event"), v.strictObject({ packet: short })]) }),
  /** To an instant, a packet's instant, or so many steps from the start; back by executing again. Ends paused. */
  "time.goTo": v.strictObject({
    to: v.union([
      v.strictObject({ timeNs: instant }),
      v.strictObject({ packet: whole }),
      v.strictObject({ steps: whole }),
    ]),
  }),
  /** From the beginning, perhaps with another seed; what was changed by hand is forgotten. */
  "time.restart": v.strictObject({ seed: v.optional(whole), story: v.optional(v.boolean()) }),
  "time.inputs": nothing,

  "traffic.watch": v.strictObject({ on: v.boolean() }),

  /** A view of the packets through a filter; told of by `packets` events until it is closed. */
  "packets.view": v.strictObject({ filter: short }),
  "packets.close": v.strictObject({ view: whole }),
  "packets.rows": v.strictObject({ view: whole, ...page }),
  /** The row of a packet in a view, or of the next one. */
  "packets.find": v.strictObject({ view: whole, number: whole }),
  "packets.check": v.strictObject({ filter: short, cursor: whole }),
  "packets.detail": v.strictObject({ number: whole }),
  /** What both sides sent, from an octet of both together on; `omitted` counts those that come after the answer. */
  "packets.stream": v.strictObject({
    conversation: whole,
    from: v.optional(whole),
    octetsMax: v.optional(v.pipe(whole, v.minValue(1), v.maxValue(4 * 1024 * 1024))),
  }),
  "packets.sequence": v.strictObject({ conversation: whole }),
  "packets.conversations": v.strictObject({
    ...page,
    sort: v.optional(short),
    descending: v.optional(v.boolean()),
  }),
  "packets.hierarchy": nothing,
  "packets.summary": nothing,
  "packets.graph": v.strictObject({
    intervalNs: v.pipe(instant, v.minValue(1_000)),
    filters: v.pipe(v.array(short), v.maxLength(8)),
  }),
  /** The capture, or what a view shows, as pcapng, piece by piece: call again with `next` until it is absent. */
  "packets.export": v.strictObject({ view: v.optional(whole), next: v.optional(whole) }),

  "host.state": v.strictObject(host),
  "host.config": v.strictObject(host),
  /** Tells `host` events while it is on. */
  "host.watch": v.strictObject({ ...host, on: v.boolean() }),
  "service.kinds": nothing,
  "panel.kinds": v.strictObject(host),
  "panel.view": v.strictObject({ ...host, panel: short }),
  /** Asks a panel for what its view leaves out: one message of a thousand. What it answers is of the panel's kind. */
  "panel.look": v.strictObject({ ...host, panel: short, question: short, value: v.unknown() }),
  /** Tells `panel` events while it is on. */
  "panel.watch": v.strictObject({ ...host, panel: short, on: v.boolean() }),
  "shell.complete": v.strictObject({ ...host, line, cursor: whole }),
  "file.list": v.strictObject(host),
  "file.read": v.strictObject({ ...host, name: short }),

  "lesson.list": nothing,
  /** Opens the lesson's network and begins; told of by `lesson` events. */
  "lesson.open": v.strictObject({ id: short }),
  "lesson.close": nothing,
} as const;

/** The parameters of the methods that change the lab: recorded, and executed again on the way to a moment. */
export const changes = {
  "topology.add": v.strictObject({
    kind: v.picklist(["host", "router", "switch"]),
    name: v.optional(short),
    x: coordinate,
    y: coordinate,
  }),
  "topology.remove": v.strictObject({ node: short }),
  "topology.connect": v.strictObject({ a: short, b: short, quality: v.optional(quality) }),
  "topology.disconnect": v.strictObject({ link: short }),
  "topology.move": v.strictObject({ node: short, x: coordinate, y: coordinate }),
  "link.change": v.strictObject({ link: short, direction, quality }),
  "link.cut": v.strictObject({ link: short, direction }),
  "link.heal": v.strictObject({ link: short }),
  "host.power": v.strictObject({ ...host, on: v.boolean() }),
  "host.configure": v.strictObject({
    ...host,
    interface: v.optional(short),
    /** With their prefix length. */
    addresses: v.optional(v.pipe(v.array(short), v.maxLength(16))),
    gateways: v.optional(v.pipe(v.array(short), v.maxLength(2))),
    nameServers: v.optional(v.pipe(v.array(short), v.maxLength(8))),
  }),
  "service.install": v.strictObject({ ...host, service: short }),
  "service.switch": v.strictObject({ ...host, service: short, on: v.boolean() }),
  "user.add": v.strictObject({ ...host, user: short, password: short }),
  "user.remove": v.strictObject({ ...host, user: short }),
  "user.password": v.strictObject({ ...host, user: short, password: short }),
  /** What it answers is of the panel's kind. */
  "panel.act": v.strictObject({ ...host, panel: short, action: short, value: v.unknown() }),
  "shell.start": v.strictObject({ ...host, line, columns: v.pipe(whole, v.maxValue(1_000)) }),
  "shell.input": v.strictObject({ shell: whole, line }),
  "shell.end": v.strictObject({ shell: whole }),
  "shell.interrupt": v.strictObject({ shell: whole }),
  "file.write": v.strictObject({ ...host, name: short, content: long }),
  "file.rename": v.strictObject({ ...host, name: short, to: short }),
  "file.remove": v.strictObject({ ...host, name: short }),
  "story.play": nothing,
} as const;

export const methods = { ...looks, ...changes };
export type Methods = typeof methods;
export type MethodName = keyof Methods;
export type ChangeName = keyof typeof changes;
export type Parameters<Method extends MethodName> = v.InferOutput<Methods[Method]>;

/** What `hello` answers. */
export interface Welcome {
  readonly version: number;
  /** "server": `hamlet up`, shared with whoever else looks at it; "worker": this page alone. */
  readonly place: "server" | "worker";
  /** The file of the engine's machine that can be saved in its place, where there is one. */
  readonly savesTo: string | undefined;
  readonly network: NetworkView;
  readonly time: TimeView;
}

type Done = Record<string, never>;

export interface Results {
  hello: Welcome;
  "network.shipped": readonly ShippedView[];
  /** With `basis` when it is that of `savesTo`. */
  "network.text": {
    readonly text: string;
    readonly fileName: string;
    readonly basis: string | undefined;
  };
  /** The basis of what is changed from here on. Fails with "file-changed" when something else stands there. */
  "network.save": { readonly basis: string };
  "network.open": OpenResult;
  "network.check": readonly FileError[];
  "network.complete": CompletionView;
  "network.hover": { readonly text: string | undefined };
  "time.play": TimeView;
  "time.pause": TimeView;
  "time.speed": TimeView;
  "time.step": TimeView;
  "time.goTo": TimeView;
  "time.restart": TimeView;
  "time.inputs": readonly InputView[];
  "traffic.watch": Done;
  "packets.view": PacketViewState;
  "packets.close": Done;
  "packets.rows": { readonly rows: readonly PacketRowView[] };
  "packets.find": { readonly index: number };
  "packets.check": FilterCheck;
  "packets.detail": PacketDetail;
  "packets.stream": StreamView;
  "packets.sequence": SequenceView;
  "packets.conversations": { readonly total: number; readonly rows: readonly ConversationView[] };
  "packets.hierarchy": readonly HierarchyView[];
  "packets.summary": SummaryView;
  "packets.graph": GraphView;
  "packets.export": { readonly octets: Base64; readonly next: number | undefined };
  "host.state": HostStateView;
  "host.config": HostConfigView;
  "host.watch": Done;
  "service.kinds": readonly ServiceKindView[];
  "panel.kinds": readonly PanelKindView[];
  "panel.view": PanelView;
  "panel.look": unknown;
  "panel.watch": Done;
  "shell.complete": ShellCompletion;
  "file.list": readonly FileEntry[];
  "file.read": { readonly content: Base64 };
  "lesson.list": readonly ShippedView[];
  "lesson.open": LessonView;
  "lesson.close": Done;
  "topology.add": { readonly node: string };
  "topology.remove": Done;
  "topology.connect": { readonly link: string };
  "topology.disconnect": Done;
  "topology.move": Done;
  "link.change": Done;
  "link.cut": Done;
  "link.heal": Done;
  "host.power": Done;
  "host.configure": Done;
  "service.install": Done;
  /** Answered when it is done in the lab: a service that stops lets its dialogues end. */
  "service.switch": Done;
  "user.add": Done;
  "user.remove": Done;
  "user.password": Done;
  "panel.act": unknown;
  "shell.start": { readonly shell: number };
  "shell.input": Done;
  "shell.end": Done;
  "shell.interrupt": Done;
  "file.write": Done;
  "file.rename": Done;
  "file.remove": Done;
  "story.play": Done;
}

export function isChange(method: MethodName): method is ChangeName {
  return Object.hasOwn(changes, method);
}
