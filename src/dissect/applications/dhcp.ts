/** DHCP: RFC 2131, its options RFC 2132, in the fields `file` and `sname`, too, where a message says so. */

import { type OptionFormat, optionByCode, optionCodes, readOption } from "../../protocols/dhcp/options.ts";
import { describeMessage, messageTypeTitle, parseMessage } from "../../protocols/dhcp/wire.ts";
import type { Application } from "../application.ts";
import type { Packet } from "../dissector.ts";
import type { Walk } from "../walk.ts";

export const dhcp: Application = {
  key: "dhcp",
  name: "dhcp",
  title: "Dynamic Host Configuration Protocol",
  standard: "RFC 2131",
  tcpPorts: [],
  udpPorts: [67, 68],
  messages: {
    streamPrefix: 0,
    lengthInStream: () => undefined,
    describe: (message) => describe(message),
  },
  dissect(walk, packet) {
    packet.protocol = "DHCP";
    packet.info = describe(walk.frame.subarray(walk.start, walk.end));
    header(walk);
    const overload = options(walk);
    if (walk.left > 0) walk.octets(walk.left, "dhcp.option.padding", "Padding", "RFC 2132 section 3.1");
    if (overload !== 0)
      packet.info += overload === 3 ? " (options in sname and file, too)" : " (options elsewhere, too)";
    titleOf(walk, packet);
    return undefined;
  },
};

function describe(message: Uint8Array): string {
  try {
    return describeMessage(parseMessage(message));
  } catch (error) {
    return `malformed message: ${(error as Error).message}`;
  }
}

function titleOf(walk: Walk, { info }: Packet): void {
  const type = /^DHCP (\w+)/.exec(info)?.[1];
  if (type !== undefined) walk.title = `Dynamic Host Configuration Protocol (${type})`;
}

function header(walk: Walk): void {
  const operation = { note: (code: number) => OPERATIONS[code] };
  walk.uint8("dhcp.type", "Message type", "2", operation);
  const ethernet = walk.uint8("dhcp.hw.type", "Hardware type", "2", { hex: true, note: hardwareName }) === 1;
  const length = walk.uint8("dhcp.hw.len", "Hardware address length", "2");
  walk.uint8("dhcp.hops", "Hops", "2");
  walk.uint32("dhcp.id", "Transaction ID", "2", { hex: true });
  walk.uint16("dhcp.secs", "Seconds elapsed", "2");
  walk.bits(2, "2", [
    ["dhcp.flags.bc", "Broadcast flag", 1, { note: (bit) => (bit === 1 ? "broadcast" : "unicast") }],
    ["dhcp.flags.reserved", "Reserved flags", 15, { hex: true }],
  ]);
  walk.address(4, "dhcp.ip.client", "Client IP address", "2");
  walk.address(4, "dhcp.ip.your", "Your (client) IP address", "2");
  walk.address(4, "dhcp.ip.server", "Next server IP address", "2");
  walk.address(4, "dhcp.ip.relay", "Relay agent IP address", "2");
  const known = Math.min(length, CHADDR);
  if (ethernet && known === 6) walk.mac("dhcp.hw.mac_addr", "Client MAC address", "2");
  else if (known > 0) walk.octets(known, "dhcp.hw.addr", "Client hardware address", "2");
  if (known < CHADDR)
    walk.octets(CHADDR - known, "dhcp.hw.addr_padding", "Client hardware address padding", "2");
  text(walk, SNAME, "dhcp.server", "Server host name");
  text(walk, FILE, "dhcp.file", "Boot file name");
  walk.value(4, "dhcp.cookie", "Magic cookie", "3", "DHCP");
}

function text(walk: Walk, length: number, key: string, name: string): void {
  const field = walk.frame.subarray(walk.at, Math.min(walk.at + length, walk.end));
  const end = field.indexOf(0);
  const characters = String.fromCharCode(...field.subarray(0, end === -1 ? field.length : end));
  const shown = characters.replace(/[^\x20-\x7e]/g, ".");
  walk.value(length, key, name, "2", shown, shown === "" ? "not given" : undefined);
}

/** Returns what the option overload says. */
function options(walk: Walk): number {
  let overload = 0;
  while (walk.left > 0) {
    const code = walk.peek(walk.at, 1);
    if (code === optionCodes.PAD) {
      pads(walk);
      continue;
    }
    if (code === optionCodes.END) {
      walk.group("dhcp.option.end", "Option: (255) End", "RFC 2132 section 3.2", () => {
        walk.uint8("dhcp.option.type", "Option", "RFC 2132 section 3.2");
        return "";
      });
      return overload;
    }
    const value = option(walk, code);
    if (code === optionCodes.OVERLOAD) overload = value[0] & 3;
  }
  return overload;
}

function pads(walk: Walk): void {
  let count = 0;
  while (count < walk.left && walk.frame[walk.at + count] === optionCodes.PAD) count++;
  walk.octets(count, "dhcp.option.padding", "Padding", "RFC 2132 section 3.1");
}

function option(walk: Walk, code: number): Uint8Array {
  const format = optionByCode(code);
  const title = format?.title ?? OTHERS.get(code) ?? "Unknown";
  const section = sectionOf(format);
  let value = new Uint8Array();
  walk.group("dhcp.option", `Option: (${code}) ${title}`, section, () => {
    walk.uint8("dhcp.option.type", "Option", section, { note: () => title });
    const length = walk.uint8("dhcp.option.length", "Length", section);
    if (length > walk.left) throw walk.error(`option ${code} of ${length} octets is cut off`);
    value = walk.frame.slice(walk.at, walk.at + length);
    const shown = format === undefined ? undefined : known(walk, format, value, section);
    if (shown !== undefined) return shown;
    const key = code === optionCodes.OVERLOAD ? "dhcp.option.option_overload" : "dhcp.option.value";
    if (length > 0 && code === optionCodes.OVERLOAD && length === 1) walk.uint8(key, title, section);
    else if (length > 0) walk.octets(length, key, "Value", section);
    return "";
  });
  return value;
}

/** The parts of an option that we know; undefined when its value cannot be read. */
function known(walk: Walk, format: OptionFormat, value: Uint8Array, section: string): string | undefined {
  const { kind, title, name } = format;
  const key = KEYS[name] ?? `dhcp.option.${name}`;
  let read: unknown;
  try {
    read = readOption(format, value);
  } catch (error) {
    walk.octets(value.length, "dhcp.option.value", "Value", section);
    walk.problem((error as Error).message);
    return "";
  }
  switch (kind) {
    case "addresses":
      for (let at = 0; at < value.length; at += 4) walk.address(4, key, title, section);
      return (read as string[]).join(", ");
    case "address":
      return walk.address(4, key, title, section);
    case "seconds":
      return `${walk.uint32(key, title, section, { note: duration })} s`;
    case "uint16":
      return String(walk.uint16(key, title, section));
    case "message-type":
      return messageTypeTitle(walk.uint8(key, "DHCP", section, { note: messageTypeTitle })) ?? "";
    case "codes":
      for (const _ of value) walk.uint8(key, "Parameter Request List Item", section, { note: optionTitle });
      return `${value.length} options`;
    case "text":
      walk.value(value.length, key, title, section, read as string);
      return read as string;
    case "routes":
      walk.octets(value.length, "dhcp.option.value", "Value", section);
      return (read as { destination: string; router: string }[])
        .map(({ destination, router }) => `${destination} via ${router}`)
        .join(", ");
    case "octets":
      return name === "clientIdentifier" ? clientIdentifier(walk, value, section) : undefined;
  }
}

/** RFC 2132 section 9.14: mostly a hardware address with its type in front. */
function clientIdentifier(walk: Walk, value: Uint8Array, section: string): string | undefined {
  if (value.length !== 7 || value[0] !== 1) return undefined;
  walk.uint8("dhcp.hw.type", "Hardware type", section, { hex: true, note: hardwareName });
  return walk.mac("dhcp.hw.mac_addr", "Client MAC address", section);
}

function sectionOf(format: OptionFormat | undefined): string {
  if (format === undefined) return "RFC 2132";
  return format.reference.startsWith("RFC") ? format.reference : `RFC 2132 section ${format.reference}`;
}

function optionTitle(code: number): string {
  return optionByCode(code)?.title ?? OTHERS.get(code) ?? "unknown";
}

function hardwareName(type: number): string | undefined {
  return type === 1 ? "Ethernet" : undefined;
}

function duration(seconds: number): string | undefined {
  if (seconds === 0xffff_ffff) return "for ever";
  return seconds >= 3600 ? `${Number((seconds / 3600).toFixed(2))} hours` : undefined;
}

const OPERATIONS: Readonly<Record<number, string>> = { 1: "Boot Request", 2: "Boot Reply" };
/** Wireshark's names, where they are not ours. */
const KEYS: Readonly<Record<string, string>> = {
  messageType: "dhcp.option.dhcp",
  serverIdentifier: "dhcp.option.dhcp_server_id",
  requestedAddress: "dhcp.option.requested_ip_address",
  leaseTime: "dhcp.option.ip_address_lease_time",
  renewalTime: "dhcp.option.renewal_time_value",
  rebindingTime: "dhcp.option.rebinding_time_value",
  subnetMask: "dhcp.option.subnet_mask",
  routers: "dhcp.option.router",
  nameServers: "dhcp.option.domain_name_server",
  domainName: "dhcp.option.domain_name",
  hostName: "dhcp.option.hostname",
  broadcastAddress: "dhcp.option.broadcast_address",
  maximumMessageSize: "dhcp.option.dhcp_max_message_size",
  vendorClassIdentifier: "dhcp.option.vendor_class_id",
  parameterRequestList: "dhcp.option.request_list_item",
  message: "dhcp.option.message",
};
/** Options that others send, and we do nothing with (RFC 2132 and those named in IANA's registry). */
const OTHERS: ReadonlyMap<number, string> = new Map([
  [2, "Time Offset"],
  [26, "Interface MTU"],
  [33, "Static Route"],
  [42, "Network Time Protocol Servers"],
  [43, "Vendor-Specific Information"],
  [44, "NetBIOS over TCP/IP Name Server"],
  [52, "Option Overload"],
  [66, "TFTP Server Name"],
  [67, "Bootfile Name"],
  [81, "Client Fully Qualified Domain Name"],
  [93, "Client System Architecture"],
  [116, "DHCP Auto-Configuration"],
  [119, "Domain Search"],
  [145, "Forcerenew Nonce Capable"],
  [252, "Web Proxy Auto-Discovery"],
]);
const CHADDR = 16;
const SNAME = 64;
const FILE = 128;
