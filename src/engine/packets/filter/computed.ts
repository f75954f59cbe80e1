/** The fields that stand in no frame: what the store and the analysis know of a packet. */

import { formatAddress } from "../../../net/index.ts";
import { type PacketBlock, RowFlag } from "../block.ts";
import type { Facts } from "./facts.ts";

/** The values of a field; a boolean says whether it is there at all. */
export type Computed = (facts: Facts) => readonly (string | number)[] | boolean;

/** Fields whose values change after a packet was recorded: it may be lost later. */
export const FATE_FIELDS = new Set(["lost", "lost.reason", "comment", "frame.comment"]);

/** Whether the columns alone have it: then it is as quick as it is exact. */
export function isOfColumns(key: string): boolean {
  return OF_COLUMNS.has(key) || LABELS.has(key);
}

/** Undefined: the dissection has it. */
export function computedOf(key: string): Computed | undefined {
  return COMPUTED.get(key);
}

/** The text that words are looked for in: what the row shows, names included. */
export function textOf(facts: Facts): string {
  const { source, destination, protocol, info, problems } = facts.dissection;
  const { names, store, block, at } = facts;
  const shown = [source, names.get(source), destination, names.get(destination), protocol, info];
  return [...shown, store.comment(block, at), ...problems].filter((part) => part !== undefined).join("\n");
}

function tcp(facts: Facts, value: (key: string) => number | undefined): readonly number[] {
  if ((facts.block.flags[facts.at] & RowFlag.tcp) === 0) return NONE;
  const found = value("tcp");
  return found === undefined ? NONE : [found];
}

/** A field of the TCP header as a number, of the packet itself and not of one that it quotes. */
function header(facts: Facts, key: string): number | undefined {
  const [field] = facts.fields(key);
  return field === undefined ? undefined : Number(field.value);
}

function stream(protocol: "tcp" | "udp"): Computed {
  return ({ store, block, at }) => {
    const conversation = store.conversation(block.conversations[at])?.conversation;
    return conversation?.protocol === protocol ? [conversation.stream] : NONE;
  };
}

/** The sender by the interface that it left, the receiver by its address: no dissection is needed. */
function hosts(of: "source" | "destination" | "both"): Computed {
  return ({ store, block, at, names }) => {
    const found: string[] = [];
    if (of !== "destination") {
      const sender = store.interfaces[block.interfaces[at]]?.hostName;
      if (sender !== undefined) found.push(sender);
    }
    if (of !== "source") {
      const receiver = names.get(destinationOf(block, at) ?? "");
      if (receiver !== undefined) found.push(receiver);
    }
    return found;
  };
}

function destinationOf(block: PacketBlock, at: number): string | undefined {
  const start = block.startOf(at);
  const octets = block.octetsOf(at);
  const length = block.endOf(at) - start;
  const type = length < 34 ? 0 : (octets[start + 12] << 8) | octets[start + 13];
  if (type === 0x0800) return formatAddress(octets.subarray(start + 30, start + 34));
  return type === 0x86dd && length >= 54 ? formatAddress(octets.subarray(start + 38, start + 54)) : undefined;
}

function labelled(labels: readonly string[] | undefined): Computed {
  return ({ store, block, at }) => {
    const known = store.columns.labelsAt(block.labels[at]);
    return labels === undefined ? known.length > 0 : known.some((label) => labels.includes(label));
  };
}

function duplicate(index: 0 | 1): Computed {
  return ({ block, at }) => {
    const number = block.labelNumbers?.[2 * at + index] ?? 0;
    return number === 0 ? NONE : [number];
  };
}

function relative(key: string, base: "sequenceBases" | "acknowledgmentBases"): Computed {
  return (facts) =>
    tcp(facts, () => {
      const raw = header(facts, key);
      return raw === undefined ? undefined : (raw - facts.block[base][facts.at]) >>> 0;
    });
}

function windowSize(facts: Facts): readonly number[] {
  return tcp(facts, () => {
    const value = header(facts, "tcp.window_size_value");
    const isSyn = facts.fields("tcp.flags.syn")[0]?.value === "1";
    const shift = facts.block.windowShifts[facts.at];
    return value === undefined || isSyn || shift < 0 ? value : value * 2 ** shift;
  });
}

function dataLength(facts: Facts): readonly number[] {
  return tcp(facts, () => {
    const layer = facts.dissection.layers.find(({ protocol }) => protocol === "tcp");
    if (layer === undefined) return undefined;
    const padding = facts.dissection.layers.find(({ protocol }) => protocol === "eth.padding");
    return (padding?.start ?? facts.block.lengthOf(facts.at)) - layer.end;
  });
}

function protocolsText({ dissection }: Facts): readonly string[] {
  const names = dissection.layers.map(({ protocol }) => protocol).filter((name) => name !== "eth.padding");
  return [["eth", "ethertype", ...names.slice(1)].join(":")];
}

function lossReasons(facts: Facts): readonly string[] {
  return facts.store.recorder.dropsOf(facts.number).flatMap(({ reason }) => reason ?? []);
}

function comments({ store, block, at }: Facts): readonly string[] {
  const comment = store.comment(block, at);
  return comment === undefined ? [] : [comment];
}

function timeDelta({ store, block, at, number }: Facts): readonly number[] {
  const before = at > 0 ? block : store.recorder.blockOf(number - 1);
  const beforeNs = before?.timesNs[number - 1 - before.firstNumber];
  return [beforeNs === undefined ? 0 : (block.timesNs[at] - beforeNs) / 1e9];
}

const NONE: readonly number[] = [];

/** Wireshark says "retransmission" of the fast and the spurious ones too. */
const RETRANSMISSIONS = ["TCP Retransmission", "TCP Fast Retransmission", "TCP Spurious Retransmission"];
const LABELS = new Map<string, readonly string[]>([
  ["tcp.analysis.retransmission", RETRANSMISSIONS],
  ["tcp.analysis.fast_retransmission", ["TCP Fast Retransmission"]],
  ["tcp.analysis.spurious_retransmission", ["TCP Spurious Retransmission"]],
  ["tcp.analysis.out_of_order", ["TCP Out-Of-Order"]],
  ["tcp.analysis.lost_segment", ["TCP Previous segment not captured"]],
  ["tcp.analysis.ack_lost_segment", ["TCP ACKed unseen segment"]],
  ["tcp.analysis.duplicate_ack", ["TCP Dup ACK"]],
  ["tcp.analysis.keep_alive", ["TCP Keep-Alive"]],
  ["tcp.analysis.keep_alive_ack", ["TCP Keep-Alive ACK"]],
  ["tcp.analysis.zero_window", ["TCP ZeroWindow"]],
  ["tcp.analysis.zero_window_probe", ["TCP ZeroWindowProbe"]],
  ["tcp.analysis.zero_window_probe_ack", ["TCP ZeroWindowProbeAck"]],
  ["tcp.analysis.window_full", ["TCP Window Full"]],
  ["tcp.analysis.window_update", ["TCP Window Update"]],
]);

const OF_COLUMNS = new Set([
  ...["frame.interface_name", "frame.comment", "comment", "frame.time_delta", "application", "lost.reason"],
  ...["host", "host.src", "host.dst", "lost", "resent", "tcp.analysis", "tcp.analysis.flags"],
  ...["tcp.analysis.duplicate_ack_frame", "tcp.analysis.duplicate_ack_num"],
]);

const COMPUTED = new Map<string, Computed>([
  ["frame", () => true],
  ["frame.number", ({ number }) => [number]],
  ["frame.len", ({ block, at }) => [block.lengthOf(at)]],
  ["frame.time_relative", ({ store, block, at }) => [(block.timesNs[at] - store.recorder.startNs) / 1e9]],
  ["frame.time_virtual", ({ block, at }) => [block.timesNs[at] / 1e9]],
  ["frame.time_epoch", ({ store, block, at }) => [store.startUnixMs / 1e3 + block.timesNs[at] / 1e9]],
  ["frame.time_delta", timeDelta],
  ["frame.protocols", protocolsText],
  ["frame.interface_name", ({ store, block, at }) => [store.placeOf(block.interfaces[at])]],
  ["frame.comment", comments],
  ["comment", comments],
  ["info", ({ dissection }) => [dissection.info]],
  ["_ws.col.info", ({ dissection }) => [dissection.info]],
  ["protocol", ({ dissection }) => [dissection.protocol]],
  ["_ws.col.protocol", ({ dissection }) => [dissection.protocol]],
  ["problem", ({ dissection }) => dissection.problems],
  ["host", hosts("both")],
  ["host.src", hosts("source")],
  ["host.dst", hosts("destination")],
  ["conversation", ({ block, at }) => (block.conversations[at] === 0 ? NONE : [block.conversations[at]])],
  [
    "application",
    ({ store, block, at }) => {
      const name = store.columns.applicationAt(block.applications[at]);
      return name === undefined ? [] : [name];
    },
  ],
  ["lost", ({ block, at }) => (block.flags[at] & RowFlag.lost) !== 0],
  ["resent", ({ block, at }) => (block.flags[at] & RowFlag.again) !== 0],
  ["lost.reason", lossReasons],
  ["tcp.stream", stream("tcp")],
  ["udp.stream", stream("udp")],
  ["tcp.seq", relative("tcp.seq_raw", "sequenceBases")],
  ["tcp.ack", relative("tcp.ack_raw", "acknowledgmentBases")],
  ["tcp.window_size", windowSize],
  ["tcp.len", dataLength],
  ["tcp.analysis", labelled(undefined)],
  ["tcp.analysis.flags", labelled(undefined)],
  ...Array.from(LABELS, ([key, labels]): [string, Computed] => [key, labelled(labels)]),
  ["tcp.analysis.duplicate_ack_frame", duplicate(0)],
  ["tcp.analysis.duplicate_ack_num", duplicate(1)],
  ["smtp.req", (facts) => facts.fields("smtp.command_line").length > 0],
  ["smtp.rsp", (facts) => facts.fields("smtp.response").length > 0],
]);
