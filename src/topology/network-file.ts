/**
 * A network file after it was read and checked: every unit is a number, every name exists, every link has its two
 * interfaces. `parseNetworkFile` makes it, `buildNetwork` and the commands read it. The text form, key by key,
 * stands in schema.ts (published as networks/network.schema.json).
 */

import type { MailAccount } from "../host/shell/command.ts";
import type { Endpoint } from "../net/index.ts";

export interface NetworkFile {
  readonly fileName: string;
  /** "Ketchup" */
  readonly name: string;
  readonly description: string;
  /** Seed of all randomness, unless the one who runs it says another. */
  readonly seed: number;
  /** Hosts and routers, in the order of the file (hosts first). */
  readonly hosts: readonly HostSpec[];
  readonly switches: readonly SwitchSpec[];
  readonly links: readonly LinkSpec[];
  /** Ports of the machine that lead into the network. */
  readonly forwards: readonly ForwardSpec[];
  /** The SOCKS5 proxy into the network, undefined when the file wants none. */
  readonly socks: SocksSpec | undefined;
  readonly story: readonly StepSpec[];
  readonly expectations: readonly ExpectationSpec[];
}

export interface HostSpec {
  readonly name: string;
  readonly description: string;
  readonly kind: "host" | "router";
  readonly at: Position | undefined;
  readonly interfaces: readonly InterfaceSpec[];
  /** Default gateways, at most one of each family; none: routes are computed from the topology. */
  readonly gateways: readonly string[];
  readonly nameServers: readonly string[];
  readonly users: readonly UserSpec[];
  /** What the mail client of this machine is set to. */
  readonly mailAccount: MailAccount | undefined;
  readonly services: readonly ServiceSpec[];
}

export interface InterfaceSpec {
  /** "eth0" */
  readonly name: string;
  /** Canonical, with their prefix length: "192.168.1.5/24". */
  readonly addresses: readonly string[];
  /** Whether a DHCP server gives it its IPv4 address. */
  readonly dhcp: boolean;
  /** Undefined: the lab gives one. */
  readonly mac: string | undefined;
  readonly mtu: number | undefined;
}

export interface UserSpec {
  readonly name: string;
  readonly password: string;
}

export interface ServiceSpec {
  /** Name of its definition in the registry. */
  readonly name: string;
  /** What the definition's schema has accepted. */
  readonly configuration: unknown;
}

export interface SwitchSpec {
  readonly name: string;
  readonly description: string;
  readonly at: Position | undefined;
}

/** Where a node stands in the drawing: right and down, in pixels. */
export type Position = readonly [number, number];

export interface LinkSpec {
  readonly name: string;
  /** The interface is undefined for a switch, which has a port for each link. */
  readonly ends: readonly [LinkEnd, LinkEnd];
  /** What happens to packets from ends[0] to ends[1]. */
  readonly forth: LinkQuality;
  /** What happens to packets from ends[1] to ends[0]. */
  readonly back: LinkQuality;
}

export interface LinkEnd {
  readonly node: string;
  readonly interface: string | undefined;
}

/** One direction of a link; what is undefined is left to the simulator's own choice. */
export interface LinkQuality {
  readonly delayMs?: number;
  readonly jitterMs?: number;
  readonly bandwidthBps?: number;
  readonly queuePackets?: number;
  /** Probabilities in [0, 1] per packet. */
  readonly loss?: number;
  readonly reorder?: number;
  readonly duplicate?: number;
  readonly corrupt?: number;
  /** Mean length of a run of lost packets; absent: losses are independent. */
  readonly burstPackets?: number;
  /** How long a reordered packet is held back. */
  readonly reorderMs?: number;
}

export interface ForwardSpec {
  readonly protocol: "tcp" | "udp";
  /** Where the machine listens. */
  readonly listen: Endpoint;
  /** The host of the network through which clients come in. */
  readonly from: string;
  readonly to: { readonly host: string; readonly port: number };
}

export interface SocksSpec {
  readonly listen: Endpoint;
  readonly from: string;
}

/** One step of the story. */
export interface StepSpec {
  /** "step 3" when the file gives it no name. */
  readonly name: string;
  readonly when: StepTime;
  readonly action: StepAction;
}

export type StepTime =
  /** At that instant of virtual time, whatever else goes on. */
  | { readonly kind: "at"; readonly ms: number }
  /** So long after the step before it has ended. */
  | { readonly kind: "after"; readonly ms: number };

export type StepAction =
  | {
      readonly kind: "run";
      readonly host: string;
      readonly command: string;
      readonly words: readonly string[];
      readonly input: string;
    }
  | { readonly kind: "cut"; readonly link: string; readonly direction: LinkDirection }
  | { readonly kind: "heal"; readonly link: string }
  /** What is undefined of the quality stays as it is. */
  | {
      readonly kind: "change";
      readonly link: string;
      readonly direction: LinkDirection;
      readonly quality: LinkQuality;
    }
  | { readonly kind: "powerOff" | "powerOn"; readonly host: string };

export type LinkDirection = "both" | "forth" | "back";

/** Text that must be found: a part of it, or a regular expression. */
export type TextPattern = { readonly contains: string } | { readonly matches: string };

/**
 * One assertion on behaviour. `line` is where it stands in the file, for the report; `says` is the assertion in a
 * person's words, in place of those that are made of its parts.
 */
export type ExpectationSpec = { readonly line: number; readonly says?: string } & (
  | MailboxExpectation
  | StepExpectation
  | PacketExpectation
  | ServiceExpectation
  | HostExpectation
  | LinkExpectation
  | QueueExpectation
  | AccountExpectation
);

/** A mail (or `count` of them) is in a mailbox. */
export interface MailboxExpectation {
  readonly kind: "mailbox";
  readonly host: string;
  readonly user: string;
  readonly from: TextPattern | undefined;
  readonly subject: TextPattern | undefined;
  readonly body: TextPattern | undefined;
  readonly count: Count;
}

/** How a step of the story ended. */
export interface StepExpectation {
  readonly kind: "step";
  readonly step: string;
  readonly exit: number | undefined;
  readonly prints: readonly TextPattern[];
  /** The exact output, but for white space at its end. */
  readonly equals: string | undefined;
  readonly withinMs: number | undefined;
}

/** Packets were seen, counted where they originate (not again at each router). */
export interface PacketExpectation {
  readonly kind: "packets";
  readonly protocol: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly info: TextPattern | undefined;
  /** Only those that were lost, wherever that was. */
  readonly lost: boolean;
  /** In a lesson, only those since the step before was ticked. */
  readonly fresh: boolean;
  readonly count: Count;
  /** The first of them must come before that instant. */
  readonly beforeMs: number | undefined;
}

/** How often: both bounds inclusive. */
export interface Count {
  readonly least: number;
  readonly most: number;
}

/** A service runs, or does not. */
export interface ServiceExpectation {
  readonly kind: "service";
  readonly service: string;
  readonly host: string;
  readonly running: boolean;
}

/** A host has power, or has none; it has an address. */
export interface HostExpectation {
  readonly kind: "host";
  readonly host: string;
  readonly on: boolean;
  readonly address: TextPattern | undefined;
}

/** A link carries packets, its cable is out, or it is cut in one direction or both without anybody noticing. */
export interface LinkExpectation {
  readonly kind: "link";
  readonly link: string;
  readonly state: "up" | "down" | "cut";
}

/** Mails wait in the queue of a host. */
export interface QueueExpectation {
  readonly kind: "queue";
  readonly host: string;
  readonly to: TextPattern | undefined;
  readonly count: Count;
}

/** The mail client of a host is set up, with these settings. */
export interface AccountExpectation {
  readonly kind: "mailAccount";
  readonly host: string;
  readonly settings: Readonly<Partial<Record<AccountSetting, TextPattern>>>;
}

export type AccountSetting = "address" | "incomingServer" | "outgoingServer" | "userName";

/** One mistake in a file; all of them are reported at once. */
export interface FileError {
  readonly fileName: string;
  /** From 1. */
  readonly line: number;
  /** From 1. */
  readonly column: number;
  /** What was found, what was expected, and where that helps what may have been meant: one line. */
  readonly message: string;
}

/** "town.yaml:12:7: …" */
export function formatFileError(error: FileError): string {
  return `${error.fileName}:${error.line}:${error.column}: ${error.message}`;
}
